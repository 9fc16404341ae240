"""Days without a dot; the day before the month. No library has the dates of Romani; the months stand in the catalogue."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H:i"
MONTH_DAY_FORMAT = "j F"
TIME_FORMAT = "H:i"
