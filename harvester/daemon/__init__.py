"""When: the scheduler that runs for months. Decisions are pure (`due`), the rest carries them out.

settings -> agreements -> decide -> appointment in APScheduler -> a child process harvests -> decide again
"""
