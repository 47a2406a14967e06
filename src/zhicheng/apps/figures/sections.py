"""What other rooms have to say about a figure on its page: called with its id, the reader and the place."""

from zhicheng.apps.web.public import Sections

sections = Sections()
