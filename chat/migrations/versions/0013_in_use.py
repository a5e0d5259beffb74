"""Whether a data key or a conversation is in use is looked up and not searched for when it is deleted"""

from __future__ import annotations

from alembic import op

revision = "0013_in_use"
down_revision = "0012_away"
branch_labels = None
depends_on = None

REFERENCES = (
    *(("conversation", "data_key_id"), ("attachment", "data_key_id"), ("contact_log", "data_key_id")),
    *(("mass_recipient", "conversation_id"), ("quick_link", "conversation_id")),
)


def upgrade() -> None:
    for table, column in REFERENCES:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in REFERENCES:
        op.drop_index(f"ix_{table}_{column}", table_name=table)
