"""Accounts: a progress document (完成情况, 进展情况) becomes an account. Pure – no Django, no clock, no network."""

from __future__ import annotations

from luoshi.reading.accounts.account import Account, account_schema, from_json
from luoshi.reading.accounts.reader import read_account

__all__ = ["Account", "account_schema", "from_json", "read_account"]
