"""The working day: Today and the week, calls, surgeries, somebody new in one sitting."""
