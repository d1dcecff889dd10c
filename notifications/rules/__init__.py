"""Pure decisions of the mail room."""
