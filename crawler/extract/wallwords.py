"""How walls speak: phrases and marks of consent forms, paywalls, logins and bot challenges."""

import re

CONSENT = re.compile(
    r"we value your privacy|your privacy choices|before you continue|we and our (?:\d+ )?partners|"
    r"store and/?(?:or)? access information on a device|accept all cookies|cookie consent|"
    r"manage options|"
    r"wir (?:und unsere partner )?(?:verwenden|nutzen|verarbeiten) .{0,60}(?:cookies|daten)|"
    r"mit werbung (?:weiter)?lesen|"
    r"weiter mit werbung|alle akzeptieren|zustimmen und weiter|privatsphäre-einstellungen|"
    r"nous et nos partenaires|nous respectons votre vie privée|"
    r"accepter et (?:continuer|fermer)|tout accepter|"
    r"nosotros y nuestros socios|valoramos (?:su|tu) privacidad|aceptar y continuar|aceptar todo|"
    r"noi e i nostri partner|la tua privacy|accetta tutto|accetta e continua|"
    r"nós e os nossos parceiros|"
    r"aceitar (?:tudo|todos)|wij en onze partners|alles accepteren|vi och våra partners|"
    r"godkänn alla|"
    r"vi og våre partnere|vi og vores partnere|godta alle|hyväksy kaikki|my i nasi partnerzy|"
    r"szanujemy (?:twoją|państwa) prywatność|akceptuję|kami menghargai privasi|setujui semua|"
    r"gizliliğinize (?:değer|önem)|tümünü kabul et|мы используем (?:файлы )?cookie|принять все|"
    r"クッキー|すべて同意|cookie を",
    re.IGNORECASE,
)
PAYWALL = re.compile(
    r"subscribe to (?:continue|read|keep|unlock)|to continue reading|already a subscriber|"
    r"this (?:article|story|content) is (?:only )?(?:for|exclusive to|reserved for|available to) "
    r".{0,20}(?:subscribers|members)|"
    r"subscribers? only|"
    r"(?:become|create) .{0,20}(?:member|subscription|account) to (?:read|continue)|"
    r"unlock this article|"
    r"(?:jetzt|bitte) .{0,30}(?:abonnieren|abo)|weiterlesen mit|nur für abonnenten|"
    r"exklusiv für abonnenten|mit abo (?:weiter)?lesen|"
    r"registrieren sie sich|réservé aux? abonné|(?:article|contenu) réservé|abonnez-vous pour|"
    r"déjà abonné|"
    r"(?:contenido|artículo|noticia) (?:exclusiv[oa]|solo) para suscriptores|suscríbete para|"
    r"ya eres suscriptor|"
    r"exclusivo para assinantes|conteúdo exclusivo|assine para|già abbonat|"
    r"riservat[oa] agli abbonati|abbonati per|"
    r"alleen voor abonnees|lees verder met|för prenumeranter|bli prenumerant|"
    r"kun for abonnenter|"
    r"for abonnenter|tilaajille|vain tilaajille|"
    r"dla (?:prenumeratorów|subskrybentów)|"
    r"только для подписчиков|оформите подписку|berlangganan untuk|khusus pelanggan|"
    r"artikel premium|konten premium|"
    r"abonelere özel|有料会員|会員限定|この記事は有料|残り\s?\d+文字|続きを読むには|"
    r"구독자 전용|订阅后|付费",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"(?:please )?(?:log|sign) ?in to (?:continue|read|view)|"
    r"register (?:for free )?to (?:continue|read)|"
    r"(?:bitte )?(?:loggen|melden) sie sich (?:ein|an)|connectez-vous pour|inicia sesión para|"
    r"faça login para|"
    r"accedi per (?:continuare|leggere)|log in om|logga in för|logg inn for|log ind for|"
    r"zaloguj się, aby|"
    r"войдите, чтобы|silakan (?:masuk|login)|giriş yap|ログインして",
    re.IGNORECASE,
)
BOT = re.compile(
    r"just a moment\W*$|one moment, please\W*$|attention required|"
    r"checking (?:if the site connection is secure|your browser)|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:robot|human)|unusual traffic|"
    r"enable javascript and cookies|please enable (?:js|javascript)|"
    r"access (?:to this page has been |is )?denied|"
    r"pardon our interruption|request (?:unsuccessful|blocked)|you have been blocked|"
    r"ddos protection|"
    r"human verification|security check|press (?:&|and) hold|bot detection|robot check|captcha|"
    r"making sure you(?:['’]re| are) not a bot|robot or human|client challenge|ddos-guard|"
    r"the request could not be satisfied|your request is being verified|"
    r"sie ein mensch sind|vous êtes (?:un )?humain|no eres un robot|не робот|проверка браузера|"
    r"安全验证|人机验证|ロボットではない|로봇이 아닙니다",
    re.IGNORECASE,
)
BOT_MARKS = re.compile(
    r"cf-chl|cf_chl|challenge-platform|challenges\.cloudflare|cf-browser-verification|"
    r"geo\.captcha-delivery|"
    r"captcha-delivery\.com|_incapsula_resource|awswafcookiedomainlist|awswafintegration|gokuprops|"
    r"token\.awswaf|px-captcha|perimeterx|_pxappid|akamai-?bot|sec-if-cpt|sgcaptcha|ddos-guard|"
    r"/_sec/cp_challenge|kpsdk|sucuri_cloudproxy_js|/_fs-ch-|xess/anubis|cmd/anubis|hcaptcha\.com/1/api|aes\.min\.js.{0,200}slowAES",
    re.IGNORECASE,
)
"""Scripts of challenges. Some run beside real articles, so they count only where no text is."""
CONSENT_MARKS = re.compile(
    r"consent\.google|guce\.|sp_message|privacy-mgmt\.com|cmp2?\.|consent-?(?:form|wall|page)|"
    r"didomi|onetrust|"
    r"usercentrics|cookiebot|quantcast|contentpass|myprivacy\.",
    re.IGNORECASE,
)
PAYWALL_MARKS = re.compile(
    r"\b(?:paywall|piano-|tp-container|subscriber-only|premium-?wall|paid-?content|regwall|metered)",
    re.IGNORECASE,
)
