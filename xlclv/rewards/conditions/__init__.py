"""What a rule may ask about a customer: fields, and what each is compared with."""
