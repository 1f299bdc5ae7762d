# Autobahn's client against one server: client.py <url> <folder of the reports> <case>...
import sys
from autobahntestsuite import wstest

url, folder, cases = sys.argv[1], sys.argv[2], sys.argv[3:]
wstest.start(
    {'mode': 'fuzzingclient', 'debug': False, 'autobahndebug': False, 'testset': None},
    {
        'options': {'failByDrop': False},
        'outdir': folder,
        'servers': [{'agent': 'carillon', 'url': url, 'options': {'version': 18}}],
        'cases': cases,
        'exclude-cases': [],
        'exclude-agent-cases': {},
    },
)
