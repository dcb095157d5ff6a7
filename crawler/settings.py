"""Scrapy's settings for every crawl, and the order of components with the reason for it.

Politeness is ours (crawler.manners) and the frontier is a table, so much of what Scrapy would do
is off: a component that fetched, retried or cached by itself would go around them.
"""

BOT_NAME = "kliping"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Recording: HTTP/1.1 only, since HTTP/2 frames cannot be kept in a WARC record.
DOWNLOAD_HANDLERS = {
    "http": "crawler.capture.handler.RecordingHandler",
    "https": "crawler.capture.handler.RecordingHandler",
    "ftp": None,
    "file": None,
    "data": None,
    "s3": None,
}
DOWNLOAD_MAXSIZE = 20 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_FAIL_ON_DATALOSS = True  # a cut body is recorded as cut, and never read as whole
DOWNLOAD_VERIFY_CERTIFICATES = True  # a page from we know not whom is no evidence

DOWNLOADER_MIDDLEWARES = {
    "crawler.capture.obey.ObeyRobots": 100,  # first: nothing else happens to a refused URL
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # outlets do move hosts
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,  # allows all on a 5xx
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,  # a retry is a new lease
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,  # walls use it
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,  # by workers
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,  # nobody is logged in
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,  # hides 304s
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.capture.obey.FollowRedirects": 600,  # the same, and each hop says where from
}
REDIRECT_MAX_TIMES = 8
SPIDER_MIDDLEWARES_BASE: dict[str, int] = {}  # statuses, depth and referrers are the spider's own
ITEM_PIPELINES = {
    "crawler.pipelines.extract.ExtractPipeline": 100,
    "crawler.pipelines.accept.AcceptPipeline": 200,
    "crawler.pipelines.store.StorePipeline": 300,
}
EXTENSIONS = {
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.logstats.LogStats": None,
    "scrapy.extensions.memdebug.MemoryDebugger": None,
    "scrapy.extensions.throttle.AutoThrottle": None,
    "scrapy.extensions.spiderstate.SpiderState": None,
    # off is not enough: it imports an HTTP server before it looks, a third of a second
    "scrapy.extensions.remote_control.RemoteControl": None,
    "crawler.extensions.ledger.Ledger": 0,
}
REMOTE_CONTROL_ENABLED = False  # code execution over loopback, on by default since 2.19
TELNETCONSOLE_ENABLED = False
HTTPCACHE_ENABLED = False
COOKIES_ENABLED = False
RETRY_ENABLED = False
ROBOTSTXT_OBEY = False  # by ObeyRobots
AUTOTHROTTLE_ENABLED = False  # a 429 is quicker than a page: it would speed up
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the frontier has no duplicates
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 0  # the pace is kept where the request is sent
CONCURRENT_ITEMS = 1  # of one response, which is one page at most: each costs a task all the same

DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br",  # common players of WARC files cannot read zstd
}
LOG_LEVEL = "WARNING"
"""Of `scrapy crawl`; `kliping` prints its own account."""
