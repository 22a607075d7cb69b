"""Pretraining, fine-tuning and measuring of govie's models; the package itself never imports this."""
