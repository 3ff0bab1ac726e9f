"""Places, and how people there write numbers, days, headers and states of an order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True)
class Locale:
    """How a place writes.

    Args:
        decimal: Decimal sign.
        thousands: What parts thousands.
        places: Digits after the decimal sign; 0: money is whole.
        day: Format of a day.
        order: Order of day, month and year in it.
        money: Currency sign and its place, {} is the number.
        code: Currency code.
        headers: Role of a column to its header.
        states: Fate to the words for it.
        total: What stands beside a sum.
        gift: A gift card, as a product.
        nobody: Words for a buyer nobody knows.
    """

    decimal: str
    thousands: str
    places: int
    day: str
    order: str
    money: str
    code: str
    headers: Mapping[str, str]
    states: Mapping[str, tuple[str, ...]]
    total: str
    gift: str
    nobody: tuple[str, ...]

    @property
    def unit(self) -> Decimal:
        return Decimal(1).scaleb(-self.places)

    def number(self, minor: int) -> str:
        """Write an amount of minor units."""
        text = f"{abs(minor) * self.unit:,.{self.places}f}"
        text = text.translate({ord(","): self.thousands, ord("."): self.decimal})
        return f"-{text}" if minor < 0 else text

    def date(self, moment: datetime) -> str:
        return moment.strftime(self.day)


ROLES = [
    "order_id",
    "customer_id",
    "email",
    "name",
    "date",
    "product",
    "quantity",
    "price",
    "line_total",
    "line_discount",
    "order_total",
    "subtotal",
    "coupon",
    "net",
    "shipping",
    "tax",
    "tax_rate",
    "gross",
    "status",
    "refund",
    "currency",
    "cancelled_at",
]


def _headers(text: str) -> dict[str, str]:
    return dict(zip(ROLES, [part.strip() for part in text.split("|")], strict=True))


def _states(counts: str, later: str, dead: str, returned: str) -> dict[str, tuple[str, ...]]:
    named = {"counts": counts, "later": later, "dead": dead, "returned": returned}
    return {fate: tuple(words.split("|")) for fate, words in named.items()}


LOCALES = {
    "en-US": Locale(
        decimal=".",
        thousands=",",
        places=2,
        day="%m/%d/%Y",
        order="mdy",
        money="${}",
        code="USD",
        headers=_headers(
            "Order ID|Customer ID|Email|Customer name|Order date|Product|Quantity|Unit price|"
            "Line total|Line discount|Order total|Subtotal|Discount|Net amount|Shipping|Tax|"
            "Tax rate|Total|Status|Refunded amount|Currency|"
            "Cancelled at"
        ),
        states=_states(
            "Paid|Completed|Fulfilled|Processing",
            "Pending|Draft|On hold|Unpaid",
            "Cancelled|Voided|Failed|Declined",
            "Refunded",
        ),
        total="Total",
        gift="Gift card",
        nobody=("Guest", "walk-in", "Cash sale", "n/a"),
    ),
    "en-GB": Locale(
        decimal=".",
        thousands=",",
        places=2,
        day="%d/%m/%Y %H:%M",
        order="dmy",
        money="£{}",
        code="GBP",
        headers=_headers(
            "Order number|Customer number|E-mail|Full name|Date|Item|Qty|Unit Price|"
            "Line Amount|Line Discount|Order Total|Subtotal|Discount Amount|Net|Delivery|VAT|"
            "VAT Rate|Grand Total|Order Status|Refund Amount|Currency|"
            "Cancelled on"
        ),
        states=_states(
            "completed|paid|fulfilled|processing",
            "pending|on-hold|draft|unpaid",
            "cancelled|canceled|failed|voided",
            "refunded",
        ),
        total="Grand total",
        gift="Gift voucher",
        nobody=("guest", "Walk-in", "-", "N/A"),
    ),
    "de": Locale(
        decimal=",",
        thousands=".",
        places=2,
        day="%d.%m.%Y",
        order="dmy",
        money="{} €",
        code="EUR",
        headers=_headers(
            "Bestellnummer|Kundennummer|E-Mail|Kundenname|Bestelldatum|Artikel|Menge|Einzelpreis|"
            "Gesamtpreis|Positionsrabatt|Bestellsumme|Zwischensumme|Rabatt|Nettobetrag|"
            "Versandkosten|MwSt.|MwSt.-Satz|Bruttobetrag|Status|Erstatteter Betrag|Währung|"
            "Storniert am"
        ),
        states=_states(
            "Bezahlt|Abgeschlossen|Versendet|Geliefert",
            "Ausstehend|Entwurf|Unbezahlt|Angebot",
            "Storniert|Abgebrochen|Fehlgeschlagen|Storno",
            "Erstattet|Rückerstattet",
        ),
        total="Summe",
        gift="Geschenkgutschein",
        nobody=("Gast", "Laufkunde", "Barverkauf", "-"),
    ),
    "de-CH": Locale(
        decimal=".",
        thousands="'",
        places=2,
        day="%d.%m.%y",
        order="dmy",
        money="CHF {}",
        code="CHF",
        headers=_headers(
            "Auftragsnummer|Kunden-Nr.|E-Mail-Adresse|Kunde|Datum|Produkt|Anzahl|Stückpreis|"
            "Positionssumme|Positionsrabatt|Auftragssumme|Zwischensumme|Rabatt|Netto|"
            "Versand|MWST|MWST-Satz|Total|Bestellstatus|Rückerstattung|Währung|"
            "Storniert am"
        ),
        states=_states(
            "bezahlt|abgeschlossen|versandt|erledigt",
            "offen|entwurf|unbezahlt|ausstehend",
            "storniert|annulliert|fehlgeschlagen|abgelehnt",
            "rückerstattet",
        ),
        total="Gesamt",
        gift="Geschenkkarte",
        nobody=("Gast", "Laufkundschaft", "-", "0"),
    ),
    "fr": Locale(
        decimal=",",
        thousands="\u202f",
        places=2,
        day="%d/%m/%Y",
        order="dmy",
        money="{}\u00a0€",
        code="EUR",
        headers=_headers(
            "Numéro de commande|Numéro client|E-mail|Nom du client|Date de commande|Produit|"
            "Quantité|Prix unitaire|Total ligne|Remise ligne|Total commande|Sous-total|Remise|"
            "Montant HT|Frais de port|TVA|Taux de TVA|Total TTC|Statut|Montant remboursé|Devise|"
            "Annulée le"
        ),
        states=_states(
            "Payée|Terminée|Expédiée|Payé",
            "En attente|Brouillon|Devis|Impayée",
            "Annulée|Annulé|Échouée|Refusée",
            "Remboursée|Remboursé",
        ),
        total="Total",
        gift="Carte cadeau",
        nobody=("Invité", "Client de passage", "-", "n/a"),
    ),
    "es": Locale(
        decimal=",",
        thousands=".",
        places=2,
        day="%d/%m/%Y",
        order="dmy",
        money="{} €",
        code="EUR",
        headers=_headers(
            "Número de pedido|ID de cliente|Correo electrónico|Nombre del cliente|"
            "Fecha del pedido|Producto|Cantidad|Precio unitario|Total línea|Descuento línea|"
            "Total del pedido|Subtotal|Descuento|Importe neto|Gastos de envío|IVA|Tipo de IVA|"
            "Importe total|Estado|Importe reembolsado|Moneda|"
            "Cancelado el"
        ),
        states=_states(
            "Pagado|Completado|Enviado|Entregado",
            "Pendiente|Borrador|En espera|Presupuesto",
            "Cancelado|Anulado|Fallido|Rechazado",
            "Reembolsado",
        ),
        total="Total",
        gift="Tarjeta regalo",
        nobody=("Invitado", "Cliente de paso", "-", "n/a"),
    ),
    "it": Locale(
        decimal=",",
        thousands=".",
        places=2,
        day="%d/%m/%Y",
        order="dmy",
        money="€ {}",
        code="EUR",
        headers=_headers(
            "Numero ordine|Codice cliente|E-mail|Nome cliente|Data ordine|Prodotto|Quantità|"
            "Prezzo unitario|Totale riga|Sconto riga|Totale ordine|Subtotale|Sconto|"
            "Importo netto|Spedizione|IVA|Aliquota IVA|Totale|Stato|Importo rimborsato|Valuta|"
            "Annullato il"
        ),
        states=_states(
            "Pagato|Completato|Spedito|Consegnato",
            "In attesa|Bozza|Preventivo|Non pagato",
            "Annullato|Fallito|Rifiutato|Cancellato",
            "Rimborsato",
        ),
        total="Totale",
        gift="Buono regalo",
        nobody=("Ospite", "Cliente occasionale", "-", "n/a"),
    ),
    "pt-BR": Locale(
        decimal=",",
        thousands=".",
        places=2,
        day="%d/%m/%Y",
        order="dmy",
        money="R$ {}",
        code="BRL",
        headers=_headers(
            "Número do pedido|ID do cliente|E-mail|Nome do cliente|Data do pedido|Produto|"
            "Quantidade|Preço unitário|Total do item|Desconto do item|Total do pedido|Subtotal|"
            "Desconto|Valor líquido|Frete|Imposto|Taxa de imposto|Valor total|Status do pedido|"
            "Valor reembolsado|Moeda|"
            "Cancelado em"
        ),
        states=_states(
            "Pago|Concluído|Enviado|Entregue",
            "Pendente|Aguardando pagamento|Rascunho|Orçamento",
            "Cancelado|Recusado|Falhou|Cancelada",
            "Reembolsado|Estornado",
        ),
        total="Total",
        gift="Cartão-presente",
        nobody=("Convidado", "Consumidor final", "-", "n/a"),
    ),
    "nl": Locale(
        decimal=",",
        thousands=".",
        places=2,
        day="%d-%m-%Y",
        order="dmy",
        money="€ {}",
        code="EUR",
        headers=_headers(
            "Bestelnummer|Klantnummer|E-mail|Klantnaam|Besteldatum|Product|Aantal|Stukprijs|"
            "Regeltotaal|Regelkorting|Ordertotaal|Subtotaal|Korting|Nettobedrag|Verzendkosten|"
            "BTW|BTW-tarief|Totaal|Status|Terugbetaald bedrag|Valuta|"
            "Geannuleerd op"
        ),
        states=_states(
            "Betaald|Voltooid|Verzonden|Afgerond",
            "In afwachting|Concept|Offerte|Onbetaald",
            "Geannuleerd|Mislukt|Geweigerd|Vervallen",
            "Terugbetaald",
        ),
        total="Totaal",
        gift="Cadeaubon",
        nobody=("Gast", "Passant", "-", "n.v.t."),
    ),
    "ja": Locale(
        decimal=".",
        thousands=",",
        places=0,
        day="%Y/%m/%d",
        order="ymd",
        money="¥{}",
        code="JPY",
        headers=_headers(
            "注文番号|顧客ID|メールアドレス|顧客名|注文日|商品名|数量|単価|金額|商品割引|"
            "注文合計|小計|割引|税抜金額|送料|消費税|税率|合計金額|注文ステータス|返金額|通貨|"
            "キャンセル日"
        ),
        states=_states(
            "支払い済み|完了|発送済み|入金済み",
            "未払い|保留|下書き|入金待ち",
            "キャンセル|キャンセル済み|失敗|無効",
            "返金済み",
        ),
        total="合計",
        gift="ギフトカード",
        nobody=("ゲスト", "非会員", "-", "0"),
    ),
    "zh-Hans": Locale(
        decimal=".",
        thousands=",",
        places=2,
        day="%Y-%m-%d",
        order="ymd",
        money="¥{}",
        code="CNY",
        headers=_headers(
            "订单编号|客户编号|邮箱|客户姓名|订单日期|商品名称|数量|单价|小计|单品优惠|"
            "订单总额|商品总额|优惠金额|不含税金额|运费|税额|税率|合计|订单状态|退款金额|币种|"
            "取消时间"
        ),
        states=_states(
            "交易成功|已完成|已发货|已付款",
            "待付款|未付款|草稿|等待买家付款",
            "已取消|交易关闭|支付失败|已作废",
            "已退款|全额退款",
        ),
        total="合计",
        gift="礼品卡",
        nobody=("游客", "散客", "-", "0"),
    ),
    "zh-Hant": Locale(
        decimal=".",
        thousands=",",
        places=2,
        day="%Y年%m月%d日",
        order="ymd",
        money="NT${}",
        code="TWD",
        headers=_headers(
            "訂單編號|客戶編號|電子郵件|顧客姓名|訂單日期|商品名稱|數量|單價|小計|單品折扣|"
            "訂單總額|商品總額|折扣金額|未稅金額|運費|稅額|稅率|總計|訂單狀態|退款金額|幣別|"
            "取消時間"
        ),
        states=_states(
            "已付款|已完成|已出貨|已送達",
            "待付款|未付款|草稿|等待付款",
            "已取消|付款失敗|已作廢|失敗",
            "已退款",
        ),
        total="總計",
        gift="禮品卡",
        nobody=("訪客", "散客", "-", "0"),
    ),
    "ko": Locale(
        decimal=".",
        thousands=",",
        places=0,
        day="%Y.%m.%d",
        order="ymd",
        money="{}원",
        code="KRW",
        headers=_headers(
            "주문번호|고객번호|이메일|고객명|주문일|상품명|수량|단가|금액|상품할인|"
            "총 주문금액|상품금액|할인금액|공급가액|배송비|부가세|세율|합계|주문상태|환불금액|통화|"
            "취소일"
        ),
        states=_states(
            "결제완료|배송완료|구매확정|배송중",
            "입금대기|결제대기|미결제|입금전",
            "취소|취소완료|주문취소|결제실패",
            "환불완료|환불",
        ),
        total="합계",
        gift="기프트카드",
        nobody=("비회원", "게스트", "-", "0"),
    ),
}
