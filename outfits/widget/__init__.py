"""The sources of `<complete-the-look>`, and what makes the served file of them."""
