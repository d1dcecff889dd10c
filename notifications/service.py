"""Writes of the mail room: queue a mail, take back one not yet sent, keep and settle what came in.

Every function runs in the caller's transaction and never commits. A mail is a row; a job of
this room sends it.
"""

import base64
import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select, update

from core.db import session
from core.settings import Settings
from notifications import letters, mime
from notifications.models import InboundMessage, OutboxBody, OutboxMessage
from notifications.terms import (
    CalendarCancel,
    CalendarRefusal,
    CalendarRequest,
    Channel,
    DeliveryState,
    InboundOutcome,
    Intake,
    Lane,
    Letter,
    Letterhead,
)
