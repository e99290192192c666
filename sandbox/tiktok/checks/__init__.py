"""The rules a product must keep (fact sheet 3.10.1), one file for each noun, each rule beside its code."""
