"""Products of Open Food Facts, apart from everybody's foods

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-22 08:15:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"

# Foods that an admin corrected before there was a column for it.
CORRECTED = {
    "postgresql": """
        UPDATE foods SET corrected_at = said.at FROM (
            SELECT CAST(substr(object, 6) AS uuid) AS id, max(at) AS at
            FROM audit_events WHERE act = 'food correct' GROUP BY object
        ) AS said WHERE foods.id = said.id
    """,
    "sqlite": """
        UPDATE foods SET corrected_at = said.at FROM (
            SELECT replace(substr(object, 6), '-', '') AS id, max(at) AS at
            FROM audit_events WHERE act = 'food correct' GROUP BY object
        ) AS said WHERE foods.id = said.id
    """,
}


def upgrade():
    op.create_table(
        "open_foods",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("gtin", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("density_g_per_ml", sa.Double(), nullable=True),
        sa.Column("serving_amount", sa.Double(), nullable=True),
        sa.Column("serving_name", sa.Text(), nullable=True),
        sa.Column("serving_grams", sa.Double(), nullable=True),
        sa.Column("scans", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("energy_kcal", sa.Double(), nullable=True),
        sa.Column("protein_g", sa.Double(), nullable=True),
        sa.Column("fat_g", sa.Double(), nullable=True),
        sa.Column("carbohydrate_g", sa.Double(), nullable=True),
        sa.Column("fiber_g", sa.Double(), nullable=True),
        sa.Column("sugars_g", sa.Double(), nullable=True),
        sa.Column("saturated_fat_g", sa.Double(), nullable=True),
        sa.Column("monounsaturated_fat_g", sa.Double(), nullable=True),
        sa.Column("polyunsaturated_fat_g", sa.Double(), nullable=True),
        sa.Column("trans_fat_g", sa.Double(), nullable=True),
        sa.Column("cholesterol_mg", sa.Double(), nullable=True),
        sa.Column("sodium_mg", sa.Double(), nullable=True),
        sa.Column("potassium_mg", sa.Double(), nullable=True),
        sa.Column("calcium_mg", sa.Double(), nullable=True),
        sa.Column("iron_mg", sa.Double(), nullable=True),
        sa.Column("magnesium_mg", sa.Double(), nullable=True),
        sa.Column("phosphorus_mg", sa.Double(), nullable=True),
        sa.Column("zinc_mg", sa.Double(), nullable=True),
        sa.Column("copper_mg", sa.Double(), nullable=True),
        sa.Column("manganese_mg", sa.Double(), nullable=True),
        sa.Column("selenium_ug", sa.Double(), nullable=True),
        sa.Column("vitamin_a_rae_ug", sa.Double(), nullable=True),
        sa.Column("vitamin_c_mg", sa.Double(), nullable=True),
        sa.Column("vitamin_d_ug", sa.Double(), nullable=True),
        sa.Column("vitamin_e_mg", sa.Double(), nullable=True),
        sa.Column("vitamin_k_ug", sa.Double(), nullable=True),
        sa.Column("thiamin_mg", sa.Double(), nullable=True),
        sa.Column("riboflavin_mg", sa.Double(), nullable=True),
        sa.Column("niacin_mg", sa.Double(), nullable=True),
        sa.Column("pantothenic_acid_mg", sa.Double(), nullable=True),
        sa.Column("vitamin_b6_mg", sa.Double(), nullable=True),
        sa.Column("folate_ug", sa.Double(), nullable=True),
        sa.Column("folate_dfe_ug", sa.Double(), nullable=True),
        sa.Column("vitamin_b12_ug", sa.Double(), nullable=True),
        sa.Column("choline_mg", sa.Double(), nullable=True),
        sa.Column("water_g", sa.Double(), nullable=True),
        sa.Column("alcohol_g", sa.Double(), nullable=True),
        sa.Column("caffeine_mg", sa.Double(), nullable=True),
        sa.CheckConstraint(
            "density_g_per_ml BETWEEN 0.05 AND 5", name=op.f("ck_open_foods_density_g_per_ml")
        ),
        sa.CheckConstraint("length(code) BETWEEN 1 AND 14", name=op.f("ck_open_foods_code")),
        sa.CheckConstraint("length(gtin) = 14", name=op.f("ck_open_foods_gtin")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_open_foods_name")),
        sa.CheckConstraint(
            "serving_amount BETWEEN 0.001 AND 100000", name=op.f("ck_open_foods_serving_amount")
        ),
        sa.CheckConstraint("scans BETWEEN 0 AND 2000000000", name=op.f("ck_open_foods_scans")),
        sa.CheckConstraint(
            "serving_grams BETWEEN 0.001 AND 100000", name=op.f("ck_open_foods_serving_grams")
        ),
        sa.CheckConstraint("alcohol_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_alcohol_g")),
        sa.CheckConstraint("caffeine_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_caffeine_mg")),
        sa.CheckConstraint("calcium_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_calcium_mg")),
        sa.CheckConstraint("carbohydrate_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_carbohydrate_g")),
        sa.CheckConstraint("cholesterol_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_cholesterol_mg")),
        sa.CheckConstraint("choline_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_choline_mg")),
        sa.CheckConstraint("copper_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_copper_mg")),
        sa.CheckConstraint("energy_kcal BETWEEN 0 AND 1000", name=op.f("ck_open_foods_energy_kcal")),
        sa.CheckConstraint("fat_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_fat_g")),
        sa.CheckConstraint("fiber_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_fiber_g")),
        sa.CheckConstraint("folate_dfe_ug BETWEEN 0 AND 100000000", name=op.f("ck_open_foods_folate_dfe_ug")),
        sa.CheckConstraint("folate_ug BETWEEN 0 AND 100000000", name=op.f("ck_open_foods_folate_ug")),
        sa.CheckConstraint("iron_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_iron_mg")),
        sa.CheckConstraint("magnesium_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_magnesium_mg")),
        sa.CheckConstraint("manganese_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_manganese_mg")),
        sa.CheckConstraint(
            "monounsaturated_fat_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_monounsaturated_fat_g")
        ),
        sa.CheckConstraint("niacin_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_niacin_mg")),
        sa.CheckConstraint(
            "pantothenic_acid_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_pantothenic_acid_mg")
        ),
        sa.CheckConstraint("phosphorus_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_phosphorus_mg")),
        sa.CheckConstraint(
            "polyunsaturated_fat_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_polyunsaturated_fat_g")
        ),
        sa.CheckConstraint("potassium_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_potassium_mg")),
        sa.CheckConstraint("protein_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_protein_g")),
        sa.CheckConstraint("riboflavin_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_riboflavin_mg")),
        sa.CheckConstraint("saturated_fat_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_saturated_fat_g")),
        sa.CheckConstraint("selenium_ug BETWEEN 0 AND 100000000", name=op.f("ck_open_foods_selenium_ug")),
        sa.CheckConstraint("sodium_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_sodium_mg")),
        sa.CheckConstraint("sugars_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_sugars_g")),
        sa.CheckConstraint("thiamin_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_thiamin_mg")),
        sa.CheckConstraint("trans_fat_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_trans_fat_g")),
        sa.CheckConstraint(
            "vitamin_a_rae_ug BETWEEN 0 AND 100000000", name=op.f("ck_open_foods_vitamin_a_rae_ug")
        ),
        sa.CheckConstraint(
            "vitamin_b12_ug BETWEEN 0 AND 100000000", name=op.f("ck_open_foods_vitamin_b12_ug")
        ),
        sa.CheckConstraint("vitamin_b6_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_vitamin_b6_mg")),
        sa.CheckConstraint("vitamin_c_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_vitamin_c_mg")),
        sa.CheckConstraint("vitamin_d_ug BETWEEN 0 AND 100000000", name=op.f("ck_open_foods_vitamin_d_ug")),
        sa.CheckConstraint("vitamin_e_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_vitamin_e_mg")),
        sa.CheckConstraint("vitamin_k_ug BETWEEN 0 AND 100000000", name=op.f("ck_open_foods_vitamin_k_ug")),
        sa.CheckConstraint("water_g BETWEEN 0 AND 100", name=op.f("ck_open_foods_water_g")),
        sa.CheckConstraint("zinc_mg BETWEEN 0 AND 100000", name=op.f("ck_open_foods_zinc_mg")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_foods")),
        sa.UniqueConstraint("gtin", name=op.f("uq_open_foods_gtin")),
    )
    op.add_column("foods", sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("foods", sa.Column("open_food_code", sa.Text(), nullable=True))
    op.execute(CORRECTED[op.get_context().dialect.name])


def downgrade():
    op.drop_column("foods", "open_food_code")
    op.drop_column("foods", "corrected_at")
    op.drop_table("open_foods")
