"""Everything that is true of food, diaries and people with no web and no terminal."""

from caloria.models.act import Act, ChangedSince
from caloria.models.audit_archive import AuditArchive
from caloria.models.audit_event import AuditEvent
from caloria.models.audit_seal import AuditSeal
from caloria.models.backup_run import BackupRun
from caloria.models.backup_standing import BackupStanding
from caloria.models.body import Body
from caloria.models.check_in import CheckIn
from caloria.models.confirmation import Confirmation
from caloria.models.correction import Correction
from caloria.models.creation import FormReused
from caloria.models.daily_figure import DailyFigure
from caloria.models.day import Day
from caloria.models.day_copy import DayCopy
from caloria.models.day_extras import DayExtras
from caloria.models.day_mark import DayMark
from caloria.models.day_note import DayNote
from caloria.models.diary_import import DiaryImport
from caloria.models.drink import Drink
from caloria.models.email_confirmation import AddressTaken, EmailConfirmation, NoSuchLink
from caloria.models.entry import Entry
from caloria.models.erasure import Erasure
from caloria.models.export import Export
from caloria.models.figures import Figures, Provenance
from caloria.models.food import Food, Portion
from caloria.models.food_merge import FoodMerge
from caloria.models.food_request import FoodRequest
from caloria.models.food_search import FoodSearch
from caloria.models.food_tier import FoodTier
from caloria.models.food_word import FoodWord
from caloria.models.identity import Identity
from caloria.models.job import Job
from caloria.models.logged_meal import LoggedMeal
from caloria.models.meal import Meal
from caloria.models.meals import Meals
from caloria.models.measurement import Measurement, Series
from caloria.models.open_food import OpenFood
from caloria.models.own_portion import OwnPortion
from caloria.models.password_reset import PasswordReset
from caloria.models.payment import Payment
from caloria.models.payment_call import PaymentCall
from caloria.models.payment_customer import PaymentCustomer
from caloria.models.payment_event import PaymentEvent
from caloria.models.person_record import PersonRecord
from caloria.models.plan import FREE, PLUS, LimitReached, Plan
from caloria.models.plan_standing import PlanStanding
from caloria.models.portion_choices import PortionChoices
from caloria.models.queue_standing import QueueStanding
from caloria.models.reminder import Reminder
from caloria.models.reminders import Reminders
from caloria.models.saved_meal import SavedMeal, SavedMealItem
from caloria.models.server import Server
from caloria.models.session import Session
from caloria.models.signup import EmailTaken, Signup
from caloria.models.standing import LastAdmin, Standing
from caloria.models.subscription import Subscription
from caloria.models.summary import BadRange, Summary
from caloria.models.target import Target
from caloria.models.throttle import Throttle
from caloria.models.trends import Trends
from caloria.models.user import User
from caloria.models.weekday_target import DayTarget, WeekdayTarget
from caloria.models.weight import Weight

__all__ = [
    "FREE",
    "PLUS",
    "Act",
    "AddressTaken",
    "AuditArchive",
    "AuditEvent",
    "AuditSeal",
    "BackupRun",
    "BackupStanding",
    "BadRange",
    "Body",
    "ChangedSince",
    "CheckIn",
    "Confirmation",
    "Correction",
    "DailyFigure",
    "Day",
    "DayCopy",
    "DayExtras",
    "DayMark",
    "DayNote",
    "DayTarget",
    "DiaryImport",
    "Drink",
    "EmailConfirmation",
    "EmailTaken",
    "Entry",
    "Erasure",
    "Export",
    "Figures",
    "Food",
    "FoodMerge",
    "FoodRequest",
    "FoodSearch",
    "FoodTier",
    "FoodWord",
    "FormReused",
    "Identity",
    "Job",
    "LastAdmin",
    "LimitReached",
    "LoggedMeal",
    "Meal",
    "Meals",
    "Measurement",
    "NoSuchLink",
    "OpenFood",
    "OwnPortion",
    "PasswordReset",
    "Payment",
    "PaymentCall",
    "PaymentCustomer",
    "PaymentEvent",
    "PersonRecord",
    "Plan",
    "PlanStanding",
    "Portion",
    "PortionChoices",
    "Provenance",
    "QueueStanding",
    "Reminder",
    "Reminders",
    "SavedMeal",
    "SavedMealItem",
    "Series",
    "Server",
    "Session",
    "Signup",
    "Standing",
    "Subscription",
    "Summary",
    "Target",
    "Throttle",
    "Trends",
    "User",
    "WeekdayTarget",
    "Weight",
]
