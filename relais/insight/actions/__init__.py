"""What is done to alerts: computed by a command, put off, noted; rules of escalation chosen."""
