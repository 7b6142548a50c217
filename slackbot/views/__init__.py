"""What people see in Slack, pure: cards, modals, notices, the Home tab, stories of Sessions."""
