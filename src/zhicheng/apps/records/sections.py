"""What other rooms have to say about a record on its page: called with its kind, the record, the reader and the place."""

from zhicheng.apps.web.public import Sections

sections = Sections()
