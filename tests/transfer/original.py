"""A file as the original Caloria left it behind: its tables, and people who lived in them."""

import sqlite3
from contextlib import closing
from pathlib import Path

TABLES = """
CREATE TABLE user (
    id INTEGER NOT NULL PRIMARY KEY, whatsapp_id VARCHAR(50) NOT NULL UNIQUE, first_name VARCHAR(100),
    last_name VARCHAR(100), weight FLOAT, height FLOAT, age INTEGER, gender VARCHAR(10),
    activity_level VARCHAR(20), goal VARCHAR(20), bmr FLOAT, daily_calorie_goal FLOAT, created_at DATETIME,
    quiz_completed BOOLEAN, is_active BOOLEAN, subscription_tier VARCHAR(20), subscription_status VARCHAR(20),
    trial_start_time DATETIME, trial_end_time DATETIME, last_payment_date DATETIME
);
CREATE TABLE food_log (
    id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id),
    food_name VARCHAR(200) NOT NULL, calories FLOAT NOT NULL, protein FLOAT, carbs FLOAT, fat FLOAT,
    fiber FLOAT, sodium FLOAT, portion_size VARCHAR(100), food_score INTEGER,
    analysis_method VARCHAR(20) NOT NULL, raw_input TEXT, image_path VARCHAR(200), confidence_score FLOAT,
    created_at DATETIME
);
CREATE TABLE daily_stats (
    id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id), date DATE NOT NULL,
    total_calories FLOAT, meals_logged INTEGER, created_at DATETIME, UNIQUE (user_id, date)
);
CREATE TABLE admin_user (
    id INTEGER NOT NULL PRIMARY KEY, username VARCHAR(80) NOT NULL UNIQUE,
    password_hash VARCHAR(120) NOT NULL, email VARCHAR(120) NOT NULL UNIQUE,
    is_active BOOLEAN, created_at DATETIME
);
CREATE TABLE subscription (
    id VARCHAR(50) NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id),
    plan_id VARCHAR(50) NOT NULL, status VARCHAR(20) NOT NULL, payment_method VARCHAR(50),
    amount FLOAT NOT NULL, currency VARCHAR(3), frequency VARCHAR(20), next_payment_date DATETIME,
    trial_period_days INTEGER, created_at DATETIME, cancelled_at DATETIME, updated_at DATETIME
);
CREATE TABLE payment_transaction (
    id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES user (id),
    subscription_id VARCHAR(50), mp_payment_id VARCHAR(50) NOT NULL, amount FLOAT NOT NULL,
    currency VARCHAR(3), status VARCHAR(20) NOT NULL, payment_date DATETIME
);
CREATE TABLE trial_activity (
    id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL, activity_type VARCHAR(50) NOT NULL,
    activity_data TEXT, created_at DATETIME
);
CREATE TABLE system_activity_log (
    id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL, activity_type VARCHAR(50) NOT NULL,
    activity_data TEXT, ip_address VARCHAR(45), created_at DATETIME
);
"""
SINCE = "2025-06-30 23:30:00.000000"
PEOPLE = [
    {
        "id": 1,
        "whatsapp_id": "5491155550001",
        "first_name": "Ana",
        "last_name": "Núñez",
        "weight": 71.5,
        "height": 168.0,
        "age": 38,
        "gender": "female",
        "activity_level": "moderately_active",
        "goal": "lose_weight",
        "bmr": 1450.2,
        "daily_calorie_goal": 1800.0,
        "created_at": SINCE,
        "quiz_completed": 1,
        "is_active": 1,
        "subscription_status": "active",
    },
    {
        "id": 2,
        "whatsapp_id": "5491155550002",
        "gender": "other",
        "created_at": SINCE,
        "is_active": 0,
        "subscription_status": "trial_active",
        "trial_start_time": SINCE,
        "trial_end_time": "2025-07-01 23:30:00.000000",
    },
]
EATEN = [
    {
        "id": number,
        "user_id": 1,
        "food_name": name,
        "calories": calories,
        "protein": 9.5,
        "carbs": 30,
        "fat": 8.25,
        "fiber": 0.0,
        "sodium": 310.0,
        "portion_size": "1 plato",
        "food_score": 4,
        "analysis_method": "photo",
        "raw_input": "una foto",
        "created_at": at,
    }
    for number, name, calories, at in (
        (1, "Medialunas", 412.5, "2025-07-01 01:15:00.123456"),
        (2, "Milanesa\tcon \\puré", 830, "2025-07-01 16:40:00.000001"),
    )
]
OTHERS = {
    "admin_user": [
        {
            "id": 1,
            "username": "admin",
            "password_hash": "pbkdf2:sha256:600000$salt$0123",
            "email": "Boss@Example.org",
            "is_active": 1,
            "created_at": SINCE,
        }
    ],
    "subscription": [
        {
            "id": "2c9380848",
            "user_id": 1,
            "plan_id": "plan-1",
            "status": "active",
            "amount": 4999.0,
            "currency": "ARS",
            "frequency": "monthly",
            "next_payment_date": "2025-08-01 00:00:00.000000",
            "created_at": SINCE,
            "updated_at": SINCE,
        }
    ],
    "daily_stats": [{"id": 1, "user_id": 1, "date": "2025-07-01", "total_calories": 1242.5}],
    "payment_transaction": [
        {"id": 1, "user_id": 1, "mp_payment_id": "77", "amount": 4999.0, "status": "approved"}
    ],
    "trial_activity": [{"id": 1, "user_id": 2, "activity_type": "message_sent", "activity_data": '{"n": 1}'}],
    "system_activity_log": [{"id": 1, "user_id": 1, "activity_type": "registration"}],
}


def make(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(TABLES)
        for table, rows in {"user": PEOPLE, "food_log": EATEN, **OTHERS}.items():
            for row in rows:
                add(connection, table, row)
        connection.commit()


def add(connection, table, row) -> None:
    places = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))
