"""The pages: each reads widgets, calls a workflow, shows the result."""
