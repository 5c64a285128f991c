"""Who a person is to the portal: roles and passwords."""
