"""A code's life, what was tried at the door, and what came of it."""

from handoffs.models.attempts import DeliveryAttempt
from handoffs.models.budget import CourierDay
from handoffs.models.challenges import PreferenceChallenge
from handoffs.models.checks import CodeCheck
from handoffs.models.choices import AccountOptOut
from handoffs.models.codes import DeliveryCode
from handoffs.models.delegates import Delegate
from handoffs.models.photos import Photo
from handoffs.models.proof import ProofOfDelivery
from handoffs.models.releases import ReleaseApproval, ReleaseRequest

__all__ = [
    "AccountOptOut",
    "CodeCheck",
    "CourierDay",
    "Delegate",
    "DeliveryAttempt",
    "DeliveryCode",
    "Photo",
    "PreferenceChallenge",
    "ProofOfDelivery",
    "ReleaseApproval",
    "ReleaseRequest",
]
