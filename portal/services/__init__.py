"""What the portal does: one public function an intent, each in the transaction it is handed."""
