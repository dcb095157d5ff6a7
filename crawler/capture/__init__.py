"""The wire tap: the bytes of every exchange as they crossed the socket."""
