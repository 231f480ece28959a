"""Files, tables, brokers and payloads of readings and alarms."""
