"""What every provider's payload models share: unknown fields pass, numbers must be finite."""

from pydantic import BaseModel, ConfigDict


class Payload(BaseModel):
    """Base of the models: only the fields that are read, and a changed schema fails."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, frozen=True)
