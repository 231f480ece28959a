"""Water: rain, storms, drainage."""
