"""What was promised of the KPIs that ship, a row a key, and the variants beside them."""

PROMISED = """
website_visits activity awareness marketing count higher week
form_submissions activity lead_generation marketing count higher week
lead_capture_rate quality lead_generation marketing ratio higher week
new_leads activity lead_generation marketing count higher week
lead_source_quality quality lead_generation marketing ratio higher month
event_participation quality awareness marketing ratio higher month
email_bounce_rate quality awareness marketing ratio lower month
campaign_response_rate quality awareness marketing ratio higher month
campaign_conversion_rate outcome lead_generation marketing ratio higher month
campaign_roi outcome retention marketing ratio higher quarter
cost_per_qualified_lead outcome qualification marketing money lower month
qualified_leads quality qualification marketing count higher week
qualification_rate quality qualification marketing ratio higher month
lead_scoring_precision quality qualification marketing ratio higher quarter
lead_scoring_auc quality qualification marketing score higher quarter
lead_response_hours quality qualification sales hours lower week
lead_response_p90_hours quality qualification sales hours lower week
lead_response_within_sla quality qualification sales ratio higher week
lead_to_opportunity_rate quality qualification sales ratio higher month
lead_conversion_rate outcome qualification sales ratio higher month
calls_made activity sales sales count higher week
emails_sent activity sales sales count higher week
meetings_booked activity sales sales count higher week
meetings_held quality sales sales count higher week
follow_ups_completed activity sales sales count higher week
follow_up_on_time_rate quality sales sales ratio higher week
email_response_rate quality sales sales ratio higher week
call_connect_rate quality sales sales ratio higher week
qualified_meetings quality sales sales count higher week
opportunities_created activity sales sales count higher month
pipeline_created quality sales sales money higher month
open_opportunities activity sales sales count range week
pipeline_value quality sales sales money higher week
weighted_pipeline quality sales sales money higher week
pipeline_coverage quality sales sales ratio higher quarter
proposal_rate quality sales sales ratio higher month
opportunity_conversion_rate outcome sales sales ratio higher quarter
win_rate quality sales sales ratio higher month
win_rate_value quality sales sales ratio higher month
won_deals outcome sales sales count higher month
won_revenue outcome sales sales money higher month
average_deal_size outcome sales sales money higher month
sales_cycle_days quality sales sales days lower month
sales_cycle_mean_days quality sales sales days lower month
pipeline_velocity outcome sales sales money_per_day higher month
quota_attainment outcome sales sales ratio higher month
forecast_accuracy quality sales sales ratio higher quarter
forecast_bias quality sales sales ratio range quarter
slipped_deals quality sales sales count lower month
activation_days quality onboarding success days lower month
onboarding_completion_rate outcome onboarding success ratio higher month
first_response_hours quality service service hours lower week
resolution_hours quality service service hours lower week
resolution_p90_hours quality service service hours lower week
sla_resolution_rate quality service service ratio higher week
tickets_created activity service service count range week
open_tickets quality service service count lower week
reopen_rate quality service service ratio lower month
first_contact_resolution quality service service ratio higher month
csat outcome service service ratio higher month
complaints outcome service service count lower month
mrr outcome retention success money higher month
active_customers outcome retention success count higher month
new_customers outcome retention success count higher month
customer_churn_rate outcome retention success ratio lower month
revenue_churn_rate outcome retention success ratio lower month
gross_revenue_retention outcome retention success ratio higher month
net_revenue_retention outcome retention success ratio higher month
renewal_rate outcome retention success ratio higher month
renewal_rate_value outcome retention success ratio higher month
expansion_revenue outcome retention success money higher month
upsell_rate outcome retention success ratio higher quarter
customer_lifetime_value outcome retention success money higher quarter
product_usage_days quality retention success days higher month
customer_health quality retention success score higher week
at_risk_revenue quality retention success money lower week
"""
"""Key, class, stage, department, unit, better, cadence."""

VARIANTS = """
activation_p90_days average_deal_size_without_renewals campaign_conversion_rate_by_visit
campaign_roi_by_close cost_per_qualified_lead_attributed csat_response_rate
expansion_revenue_booked first_contact_resolution_one_reply first_response_business_hours
first_response_p90_hours lead_response_business_hours lead_scoring_precision_qualified
lead_scoring_recall lost_cycle_days lost_revenue_booked median_deal_size mrr_growth_rate
net_revenue_retention_by_renewal opportunities_still_open_rate pipeline_coverage_remaining
pipeline_coverage_weighted pipeline_velocity_open renewal_rate_decided renewals_pending_rate
sla_first_response_rate
"""
"""KPIs that ship beside the promised ones, mostly another published reading of one of them."""

ALIASES = {"lead_source_quality": "qualification_rate"}
"""Keys that are meant to have the same measure as another: the same number under two questions."""
