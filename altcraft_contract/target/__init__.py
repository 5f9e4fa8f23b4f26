"""What stands between this package and a service that is not a stub: the rules by which orders may be sent there.

Only this machine is allowed unless another host is named; `skip_triggers` is set in what is sent; requests come no
faster and no more of them than agreed; and a file tells of every order that the service may have taken.
"""
