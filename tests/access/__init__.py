"""Who may go where: the matrix of doors, roles and tenants."""
