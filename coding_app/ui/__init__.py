"""What people see: pages, workbench, routes."""
