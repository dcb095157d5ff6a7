"""How walls speak: phrases and marks of consent forms, paywalls, logins and bot challenges."""

import re

CONSENT = re.compile(
    r"we value your privacy|your privacy choices|before you continue|we and our (?:\d+ )?partners|"
    r"store and/?(?:or)? access information on a device|accept all cookies|cookie consent|manage options|"
    r"wir (?:und unsere partner )?(?:verwenden|nutzen|verarbeiten) .{0,60}(?:cookies|daten)|mit werbung (?:weiter)?lesen|"
    r"weiter mit werbung|alle akzeptieren|zustimmen und weiter|privatsphäre-einstellungen|"
    r"nous et nos partenaires|nous respectons votre vie privée|accepter et (?:continuer|fermer)|tout accepter|"
    r"nosotros y nuestros socios|valoramos (?:su|tu) privacidad|aceptar y continuar|aceptar todo|"
    r"noi e i nostri partner|la tua privacy|accetta tutto|accetta e continua|nós e os nossos parceiros|"
    r"aceitar (?:tudo|todos)|wij en onze partners|alles accepteren|vi och våra partners|godkänn alla|"
    r"vi og våre partnere|vi og vores partnere|godta alle|hyväksy kaikki|my i nasi partnerzy|"
    r"szanujemy (?:twoją|państwa) prywatność|akceptuję|kami menghargai privasi|setujui semua|"
    r"gizliliğinize (?:değer|önem)|tümünü kabul et|мы используем (?:файлы )?cookie|принять все|"
    r"クッキー|すべて同意|cookie を",
    re.IGNORECASE,
)
PAYWALL = re.compile(
    r"subscribe to (?:continue|read|keep|unlock)|to continue reading|already a subscriber|"
    r"this (?:article|story|content) is (?:for|only for|exclusive to|reserved for|available to) .{0,20}(?:subscribers|members)|"
    r"subscribers? only|(?:become|create) .{0,20}(?:member|subscription|account) to (?:read|continue)|unlock this article|"
    r"(?:jetzt|bitte) .{0,30}(?:abonnieren|abo)|weiterlesen mit|nur für abonnenten|exklusiv für abonnenten|mit abo (?:weiter)?lesen|"
    r"registrieren sie sich|réservé aux? abonné|(?:article|contenu) réservé|abonnez-vous pour|déjà abonné|"
    r"(?:contenido|artículo|noticia) (?:exclusiv[oa]|solo) para suscriptores|suscríbete para|ya eres suscriptor|"
    r"exclusivo para assinantes|conteúdo exclusivo|assine para|già abbonat|riservat[oa] agli abbonati|abbonati per|"
    r"alleen voor abonnees|lees verder met|för prenumeranter|läs vidare|bli prenumerant|kun for abonnenter|"
    r"for abonnenter|for abonnenter|les videre|tilaajille|vain tilaajille|dla (?:prenumeratorów|subskrybentów)|"
    r"только для подписчиков|оформите подписку|berlangganan untuk|khusus pelanggan|artikel premium|konten premium|"
    r"abonelere özel|有料会員|会員限定|この記事は有料|残り\s?\d+文字|続きを読むには|구독자 전용|订阅后|付费",
    re.IGNORECASE,
)
LOGIN = re.compile(
    r"(?:please )?(?:log|sign) ?in to (?:continue|read|view)|register (?:for free )?to (?:continue|read)|"
    r"(?:bitte )?(?:loggen|melden) sie sich (?:ein|an)|connectez-vous pour|inicia sesión para|faça login para|"
    r"accedi per (?:continuare|leggere)|log in om|logga in för|logg inn for|log ind for|zaloguj się, aby|"
    r"войдите, чтобы|silakan (?:masuk|login)|giriş yap|ログインして|로그인",
    re.IGNORECASE,
)
BOT = re.compile(
    r"just a moment\W*$|attention required|checking (?:if the site connection is secure|your browser)|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|are you a (?:robot|human)|unusual traffic|"
    r"enable javascript and cookies|please enable (?:js|javascript)|access (?:to this page has been |is )?denied|"
    r"pardon our interruption|request (?:unsuccessful|blocked)|you have been blocked|ddos protection|"
    r"human verification|security check|press (?:&|and) hold|bot detection|robot check|captcha",
    re.IGNORECASE,
)
BOT_MARKS = re.compile(
    r"cf-chl|cf_chl|challenge-platform|challenges\.cloudflare|cf-browser-verification|geo\.captcha-delivery|"
    r"captcha-delivery\.com|_incapsula_resource|awswafcookiedomainlist|awswafintegration|gokuprops|"
    r"token\.awswaf|px-captcha|perimeterx|_pxappid|akamai-?bot|sec-if-cpt|sgcaptcha|ddos-guard|"
    r"/_sec/cp_challenge|kpsdk|hcaptcha\.com/1/api|aes\.min\.js.{0,200}slowAES",
    re.IGNORECASE,
)
"""Scripts of challenges. Some run beside real articles, so they count only where there is no text."""
"""Ids and classes of consent platforms, on a page without an article."""
CONSENT_MARKS = re.compile(
    r"consent\.google|guce\.|sp_message|privacy-mgmt\.com|cmp2?\.|consent-?(?:form|wall|page)|didomi|onetrust|"
    r"usercentrics|cookiebot|quantcast|contentpass|myprivacy\.",
    re.IGNORECASE,
)
PAYWALL_MARKS = re.compile(
    r"\b(?:paywall|piano-|tp-container|subscriber-only|premium-?wall|paid-?content|regwall|metered)",
    re.IGNORECASE,
)
