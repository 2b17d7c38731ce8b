"""What changes people: adding a person, and changing each of their facets."""

from .add import NoName as NoName
from .add import add_person as add_person
from .change import change_contact as change_contact
from .change import change_identity as change_identity
from .change import change_needs as change_needs
from .change import change_status as change_status
from .change import say_not_same as say_not_same
from .households import add_to_household as add_to_household
from .households import change_household as change_household
from .households import make_household as make_household
from .merge import merge as merge
from .merge import unmerge as unmerge
