"""Every sentence we say, and how dates, amounts and readings are phrased."""
