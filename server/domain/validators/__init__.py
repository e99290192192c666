"""Named validators of a draft, one small module each: a value in, the value to send and what was found out."""
