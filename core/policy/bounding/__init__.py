"""How far what is allowed reaches: limits, budgets, prices, and grants that people gave."""
