"""Whatever harm is done, it is done to a practice that is being served."""

from tests.journeys.conftest import own_house, practice

__all__ = ["own_house", "practice"]
