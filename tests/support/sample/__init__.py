# SPDX-License-Identifier: GPL-3.0-or-later
"""Sample mail for tests, measurements and the demo."""
