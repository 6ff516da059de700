"""Saved meals, water, notes, plans, undo, portions of one's own, and foods that are found by any name

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-21 15:10:00+00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
# The oldest revision whose code can still run on this one; without the line, only this one's own.
oldest_compatible = "0001"

# In words that both engines know: SQLite takes a CHECK only with its column, and json means nothing to it.
NEW_COLUMNS = (
    "meals ADD form_digest TEXT",
    "entries ADD planned BOOLEAN DEFAULT false NOT NULL",
    "foods ADD names JSON",
    "foods ADD gtin TEXT CONSTRAINT ck_foods_gtin CHECK (length(gtin) = 14)",
    "foods ADD density_g_per_ml {double}"
    " CONSTRAINT ck_foods_density_g_per_ml CHECK (density_g_per_ml BETWEEN 0.05 AND 5)",
    "foods ADD everyday INTEGER DEFAULT 0 NOT NULL"
    " CONSTRAINT ck_foods_everyday CHECK (everyday BETWEEN 0 AND 9)",
    "foods ADD label_per_serving BOOLEAN DEFAULT false NOT NULL",
    "foods ADD label_says_salt BOOLEAN DEFAULT false NOT NULL",
    "users ADD energy_unit TEXT DEFAULT 'kcal' NOT NULL"
    " CONSTRAINT ck_users_energy_unit CHECK (energy_unit IN ('kcal', 'kJ'))",
    "users ADD language TEXT DEFAULT 'en' NOT NULL"
    " CONSTRAINT ck_users_language CHECK (language IN ('en', 'es'))",
)


def upgrade():
    op.create_table(
        "food_words",
        sa.Column("remains", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.CheckConstraint("length(word) BETWEEN 1 AND 100", name=op.f("ck_food_words_word")),
        sa.PrimaryKeyConstraint("remains", "word", name=op.f("pk_food_words")),
    )
    op.create_table(
        "acts",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name=op.f("ck_acts_day")),
        sa.CheckConstraint("entry_count BETWEEN 1 AND 1000000", name=op.f("ck_acts_entry_count")),
        sa.CheckConstraint("length(kind) BETWEEN 1 AND 20", name=op.f("ck_acts_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_acts_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_acts")),
    )
    op.create_index(op.f("ix_acts_user_id_day"), "acts", ["user_id", "day"], unique=False)
    op.create_table(
        "day_notes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name=op.f("ck_day_notes_day")),
        sa.CheckConstraint("length(text) <= 5000", name=op.f("ck_day_notes_text")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_day_notes_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "day", name=op.f("pk_day_notes")),
    )
    op.create_table(
        "drinks",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("water_ml", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint("day BETWEEN '1900-01-01' AND '2200-12-31'", name=op.f("ck_drinks_day")),
        sa.CheckConstraint("water_ml BETWEEN 1 AND 5000", name=op.f("ck_drinks_water_ml")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_drinks_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_drinks")),
    )
    op.create_index(op.f("ix_drinks_user_id_day"), "drinks", ["user_id", "day"], unique=False)
    op.create_table(
        "saved_meals",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 100", name=op.f("ck_saved_meals_name")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_meals_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_saved_meals")),
    )
    op.create_table(
        "food_merges",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("food_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["food_id"], ["foods.id"], name=op.f("fk_food_merges_food_id_foods")),
        sa.ForeignKeyConstraint(["into_id"], ["foods.id"], name=op.f("fk_food_merges_into_id_foods")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_food_merges_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_food_merges")),
    )
    op.create_table(
        "own_portions",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("food_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("gram_weight", sa.Double(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_digest", sa.Text(), nullable=True),
        sa.CheckConstraint("gram_weight BETWEEN 0.001 AND 100000", name=op.f("ck_own_portions_gram_weight")),
        sa.CheckConstraint("length(unit) BETWEEN 1 AND 40", name=op.f("ck_own_portions_unit")),
        sa.ForeignKeyConstraint(["food_id"], ["foods.id"], name=op.f("fk_own_portions_food_id_foods")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_own_portions_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_own_portions")),
    )
    op.create_index(
        op.f("ix_own_portions_user_id_food_id"), "own_portions", ["user_id", "food_id"], unique=False
    )
    op.create_table(
        "saved_meal_items",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("saved_meal_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=True),
        sa.Column("portion_amount", sa.Double(), nullable=True),
        sa.Column("portion_unit", sa.Text(), nullable=True),
        sa.Column("gram_weight", sa.Double(), nullable=True),
        sa.Column("food_id", sa.Uuid(), nullable=True),
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
        sa.CheckConstraint("alcohol_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_alcohol_g")),
        sa.CheckConstraint(
            "caffeine_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_caffeine_mg")
        ),
        sa.CheckConstraint("calcium_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_calcium_mg")),
        sa.CheckConstraint(
            "carbohydrate_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_carbohydrate_g")
        ),
        sa.CheckConstraint(
            "cholesterol_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_cholesterol_mg")
        ),
        sa.CheckConstraint("choline_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_choline_mg")),
        sa.CheckConstraint("copper_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_copper_mg")),
        sa.CheckConstraint("energy_kcal BETWEEN 0 AND 1000000", name=op.f("ck_saved_meal_items_energy_kcal")),
        sa.CheckConstraint("fat_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_fat_g")),
        sa.CheckConstraint("fiber_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_fiber_g")),
        sa.CheckConstraint(
            "folate_dfe_ug BETWEEN 0 AND 100000000000", name=op.f("ck_saved_meal_items_folate_dfe_ug")
        ),
        sa.CheckConstraint(
            "folate_ug BETWEEN 0 AND 100000000000", name=op.f("ck_saved_meal_items_folate_ug")
        ),
        sa.CheckConstraint(
            "gram_weight BETWEEN 0.001 AND 100000", name=op.f("ck_saved_meal_items_gram_weight")
        ),
        sa.CheckConstraint("iron_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_iron_mg")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_saved_meal_items_name")),
        sa.CheckConstraint(
            "magnesium_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_magnesium_mg")
        ),
        sa.CheckConstraint(
            "manganese_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_manganese_mg")
        ),
        sa.CheckConstraint(
            "monounsaturated_fat_g BETWEEN 0 AND 100000",
            name=op.f("ck_saved_meal_items_monounsaturated_fat_g"),
        ),
        sa.CheckConstraint("niacin_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_niacin_mg")),
        sa.CheckConstraint(
            "pantothenic_acid_mg BETWEEN 0 AND 100000000",
            name=op.f("ck_saved_meal_items_pantothenic_acid_mg"),
        ),
        sa.CheckConstraint(
            "phosphorus_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_phosphorus_mg")
        ),
        sa.CheckConstraint(
            "polyunsaturated_fat_g BETWEEN 0 AND 100000",
            name=op.f("ck_saved_meal_items_polyunsaturated_fat_g"),
        ),
        sa.CheckConstraint(
            "portion_amount BETWEEN 0.001 AND 100000", name=op.f("ck_saved_meal_items_portion_amount")
        ),
        sa.CheckConstraint("position BETWEEN 1 AND 1000", name=op.f("ck_saved_meal_items_position")),
        sa.CheckConstraint(
            "potassium_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_potassium_mg")
        ),
        sa.CheckConstraint("protein_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_protein_g")),
        sa.CheckConstraint(
            "riboflavin_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_riboflavin_mg")
        ),
        sa.CheckConstraint(
            "saturated_fat_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_saturated_fat_g")
        ),
        sa.CheckConstraint(
            "selenium_ug BETWEEN 0 AND 100000000000", name=op.f("ck_saved_meal_items_selenium_ug")
        ),
        sa.CheckConstraint("sodium_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_sodium_mg")),
        sa.CheckConstraint("sugars_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_sugars_g")),
        sa.CheckConstraint("thiamin_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_thiamin_mg")),
        sa.CheckConstraint("trans_fat_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_trans_fat_g")),
        sa.CheckConstraint(
            "vitamin_a_rae_ug BETWEEN 0 AND 100000000000", name=op.f("ck_saved_meal_items_vitamin_a_rae_ug")
        ),
        sa.CheckConstraint(
            "vitamin_b12_ug BETWEEN 0 AND 100000000000", name=op.f("ck_saved_meal_items_vitamin_b12_ug")
        ),
        sa.CheckConstraint(
            "vitamin_b6_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_vitamin_b6_mg")
        ),
        sa.CheckConstraint(
            "vitamin_c_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_vitamin_c_mg")
        ),
        sa.CheckConstraint(
            "vitamin_d_ug BETWEEN 0 AND 100000000000", name=op.f("ck_saved_meal_items_vitamin_d_ug")
        ),
        sa.CheckConstraint(
            "vitamin_e_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_vitamin_e_mg")
        ),
        sa.CheckConstraint(
            "vitamin_k_ug BETWEEN 0 AND 100000000000", name=op.f("ck_saved_meal_items_vitamin_k_ug")
        ),
        sa.CheckConstraint("water_g BETWEEN 0 AND 100000", name=op.f("ck_saved_meal_items_water_g")),
        sa.CheckConstraint("zinc_mg BETWEEN 0 AND 100000000", name=op.f("ck_saved_meal_items_zinc_mg")),
        sa.ForeignKeyConstraint(["food_id"], ["foods.id"], name=op.f("fk_saved_meal_items_food_id_foods")),
        sa.ForeignKeyConstraint(
            ["user_id", "saved_meal_id"],
            ["saved_meals.user_id", "saved_meals.id"],
            name=op.f("fk_saved_meal_items_user_id_saved_meal_id_saved_meals"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_saved_meal_items_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_saved_meal_items")),
    )
    op.create_index(
        op.f("ix_saved_meal_items_user_id_saved_meal_id"),
        "saved_meal_items",
        ["user_id", "saved_meal_id"],
        unique=False,
    )
    double = "DOUBLE" if op.get_context().dialect.name == "sqlite" else "DOUBLE PRECISION"
    for column in NEW_COLUMNS:
        op.execute(f"ALTER TABLE {column.format(double=double)}")


def downgrade():
    for column in NEW_COLUMNS[::-1]:
        table, _add, name = column.split()[:3]
        op.drop_column(table, name)
    op.drop_table("saved_meal_items")
    op.drop_table("own_portions")
    op.drop_table("food_merges")
    op.drop_table("saved_meals")
    op.drop_table("drinks")
    op.drop_table("day_notes")
    op.drop_table("acts")
    op.drop_table("food_words")
