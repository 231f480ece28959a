"""Joint dispatch of gates and pumps: how a gate passes a flow, who releases how much, and plans that look ahead."""
