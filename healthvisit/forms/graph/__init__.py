"""Which expression reads which node, and the order in which they are computed."""

from healthvisit.forms.graph.order import Target
from healthvisit.forms.graph.plan import Edge, Plan, Planner
from healthvisit.forms.graph.reads import Reads, Schema

__all__ = ["Edge", "Plan", "Planner", "Reads", "Schema", "Target"]
