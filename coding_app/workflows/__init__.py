"""What a person does with the app, one file each; the only place where the parts are wired together."""
