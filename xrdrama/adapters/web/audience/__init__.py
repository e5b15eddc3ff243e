"""The audience server: viewers' pages, their seats, the socket, sets and sounds.

`seats` decides who may come in, `view` what a frame is for a page, `stream` numbers its states,
`hub` has the open sockets, `site` answers browsers (Starlette), `invitation` explains how to join.
"""
