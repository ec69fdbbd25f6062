# Today's ClickHouse: a schema, rows for it, and queries, on standard input as JSON; answers on standard output.

import json
import sys
import tempfile

from chdb import session

asked = json.load(sys.stdin)
with tempfile.TemporaryDirectory() as folder:
    with session.Session(folder) as here:
        here.query("SET input_format_skip_unknown_fields = 1")
        here.query(asked["schema"])
        here.query("INSERT INTO events FORMAT JSONEachRow\n" + asked["rows"])
        answers = [str(here.query(sql, "JSONEachRow")) for sql in asked["queries"]]
json.dump(answers, sys.stdout)
