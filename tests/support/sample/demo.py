# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo's mailbox, from the texts beside this file."""
