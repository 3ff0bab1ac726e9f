"""One small table per kind, and further ones of it: what each means, to the cent."""
# ruff: noqa: E501 - rows of tables are as long as they are

import csv
import io

import numpy as np
import pytest

from xlclv import headers
from xlclv.customers.lines import read_lines
from xlclv.errors import InputError
from xlclv.reading.choices import Choices
from xlclv.reading.meaning.understand import understand
from xlclv.reading.question import Question
from xlclv.tables import Place, RawTable, Table, title


def table_of(text: str, choices: Choices | None = None) -> Table:
    separator = ";" if ";" in text.splitlines()[0] else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=separator))
    columns = [list(column) for column in zip(*rows[1:], strict=True)]
    return understand(RawTable(rows[0], columns, Place("orders")), choices)


def figures(table: Table) -> str:
    log = read_lines(table).log()
    revenue = round(float(np.sum(log.line_amount)), 2)
    return f"{log.ids.size}/{log.amount.size}/{revenue:g}"


def red(table: Table) -> set[str]:
    assert table.reading is not None
    return {rule.name for rule in table.reading.rules if rule.level != "info"}


# What each table is, customers/orders/revenue, and its text.
READABLE = [
    (
        "u1",
        "2/2/90",
        (
            "Order ID,Customer ID,Order Date,Product,Quantity,Unit Price\n"
            "1,C1,2023-01-05,Mug,2,20\n"
            "1,C1,2023-01-05,Plate,2,10\n"
            "2,C2,2023-02-05,Bowl,1,30\n"
        ),
    ),
    (
        "u2",
        "2/3/150",
        (
            "Order ID,Customer ID,Order Date,Product,Quantity,Price\n"
            "1,C1,2023-01-05,Mug,2,20\n"
            "1,C1,2023-01-05,Plate,2,10\n"
            "2,C2,2023-02-05,Bowl,1,30\n"
            "3,C2,2023-02-06,Mug,3,20\n"
        ),
    ),
    (
        "u3 line price",
        "2/3/130",
        (
            "Order ID,Customer ID,Order Date,Product,Quantity,Price\n"
            "1,C1,2023-01-05,Mug,2,40\n"
            "1,C1,2023-01-05,Plate,2,0\n"
            "2,C2,2023-02-05,Bowl,1,30\n"
            "3,C2,2023-02-06,Mug,3,60\n"
        ),
    ),
    (
        "u4 qty price amount",
        "2/2/85",
        (
            "Order ID,Customer ID,Order Date,Product,Quantity,Price,Discount,Amount\n"
            "1,C1,2023-01-05,Mug,2,20,5,35\n"
            "1,C1,2023-01-05,Plate,2,10,0,20\n"
            "2,C2,2023-02-05,Bowl,1,30,0,30\n"
        ),
    ),
    (
        "u5 fr",
        "2/2/90",
        (
            "N° commande;Client;Date commande;Produit;Qté;Prix unitaire\n"
            "1;C1;05/01/2023;Mug;2;20,00\n"
            "1;C1;05/01/2023;Assiette;2;10,00\n"
            "2;C2;17/02/2023;Bol;1;30,00\n"
        ),
    ),
    (
        "u6 es",
        "2/2/90",
        (
            "Nº pedido;Cliente;Fecha;Producto;Cantidad;Precio unitario\n"
            "1;C1;05/01/2023;Taza;2;20,00\n"
            "1;C1;05/01/2023;Plato;2;10,00\n"
            "2;C2;17/02/2023;Bol;1;30,00\n"
        ),
    ),
    (
        "u7 ja",
        "2/2/9000",
        (
            "注文番号,顧客ID,注文日,商品名,数量,単価\n"
            "1,C1,2023/01/05,マグ,2,2000\n"
            "1,C1,2023/01/05,皿,2,1000\n"
            "2,C2,2023/02/17,鉢,1,3000\n"
        ),
    ),
    (
        "u8 zh",
        "2/2/90",
        (
            "订单编号,客户编号,下单时间,商品名称,数量,单价\n"
            "1,C1,2023-01-05 10:00,杯,2,20\n"
            "1,C1,2023-01-05 10:00,盘,2,10\n"
            "2,C2,2023-02-17 10:00,碗,1,30\n"
        ),
    ),
    (
        "u9 both negative",
        "2/2/60",
        (
            "Order ID,Customer ID,Order Date,Product,Quantity,Price\n"
            "1,C1,2023-01-05,Mug,2,40\n"
            "2,C2,2023-02-05,Bowl,1,30\n"
            "3,C2,2023-03-05,Bowl,-1,-10\n"
            "4,C1,2023-03-05,Mug,-2,0\n"
        ),
    ),
    (
        "t2 first",
        "2/3/140",
        (
            "Order ID,Customer ID,Order Date,Product,Amount\n"
            "1,C1,2023-01-05,Mug,60\n"
            "1,,,Plate,\n"
            "2,C2,2023-02-05,Bowl,30\n"
            "3,C1,2023-03-05,Mug,50\n"
            "3,,,Plate,\n"
            "3,,,Bowl,\n"
        ),
    ),
    (
        "t3 amount const many",
        "3/4/210",
        (
            "Order ID,Customer ID,Order Date,Product,Amount\n"
            "1,C1,2023-01-05,Mug,60\n"
            "1,C1,2023-01-05,Plate,60\n"
            "2,C2,2023-02-05,Bowl,30\n"
            "2,C2,2023-02-05,Mug,30\n"
            "3,C1,2023-03-05,Mug,50\n"
            "3,C1,2023-03-05,Plate,50\n"
            "4,C3,2023-03-05,Plate,70\n"
        ),
    ),
    (
        "t4 line amounts vary",
        "2/2/100",
        (
            "Order ID,Customer ID,Order Date,Product,Amount\n"
            "1,C1,2023-01-05,Mug,40\n"
            "1,C1,2023-01-05,Plate,30\n"
            "2,C2,2023-02-05,Bowl,30\n"
        ),
    ),
    (
        "t5 total tax shipping",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Total,Tax,Shipping\n"
            "1,C1,2023-01-05,64.5,9.5,5\n"
            "2,C2,2023-02-05,40.7,5.7,5\n"
        ),
    ),
    (
        "t6 amount+tax+total",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Amount,Tax,Total\n"
            "1,C1,2023-01-05,50,9.5,59.5\n"
            "2,C2,2023-02-05,30,5.7,35.7\n"
        ),
    ),
    (
        "t7 sub disc total",
        "2/2/72",
        (
            "Order ID,Customer ID,Order Date,Subtotal,Discount,Shipping,Total\n"
            "1,C1,2023-01-05,50,5,4,49\n"
            "2,C2,2023-02-05,30,3,4,31\n"
        ),
    ),
    (
        "t8 tax incl shopify",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Subtotal,Shipping,Taxes,Total\n"
            "1,C1,2023-01-05,59.5,5,9.5,64.5\n"
            "2,C2,2023-02-05,35.7,5,5.7,40.7\n"
        ),
    ),
    (
        "t9 total + tax rate",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Total,Tax rate\n"
            "1,C1,2023-01-05,59.5,19%\n"
            "2,C2,2023-02-05,35.7,19%\n"
        ),
    ),
    (
        "t10 net incl shipping",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Net total,Shipping,Tax,Total\n"
            "1,C1,2023-01-05,55,5,10.45,65.45\n"
            "2,C2,2023-02-05,35,5,6.65,41.65\n"
        ),
    ),
    (
        "t11 lines+order total no tax",
        "2/2/90",
        (
            "Order ID,Customer ID,Order Date,Product,Qty,Unit price,Order total\n"
            "1,C1,2023-01-05,Mug,2,20,60\n"
            "1,C1,2023-01-05,Plate,2,10,60\n"
            "2,C2,2023-02-05,Bowl,1,30,30\n"
        ),
    ),
    (
        "t12 lines+order total gross tax",
        "2/2/90",
        (
            "Order ID,Customer ID,Order Date,Product,Qty,Unit price,Order tax,Order total\n"
            "1,C1,2023-01-05,Mug,2,20,11.4,71.4\n"
            "1,C1,2023-01-05,Plate,2,10,11.4,71.4\n"
            "2,C2,2023-02-05,Bowl,1,30,5.7,35.7\n"
        ),
    ),
    (
        "t14 amount,tax",
        "2/2/1100",
        (
            "Order ID,Customer ID,Order Date,Amount,Tax\n"
            "1,C1,2023-01-05,119.00,19.00\n"
            "2,C2,2023-02-05,1190.00,190.00\n"
        ),
    ),
    (
        "s1",
        "1/1/10",
        (
            "Order ID,Customer ID,Order Date,Amount,Order status\n"
            "1,C1,2023-01-05,10,Paid\n"
            "2,C2,2023-02-05,20,Voided\n"
            "3,C1,2023-03-05,30,refunded\n"
            "4,C3,2023-03-06,40,on-hold\n"
        ),
    ),
    (
        "s3 fr",
        "1/1/10",
        (
            "Commande;Client;Date;Montant;Statut\n"
            "1;C1;05/01/2023;10,00;Payée\n"
            "2;C2;17/02/2023;20,00;Annulée\n"
            "3;C1;17/03/2023;30,00;Remboursée\n"
        ),
    ),
    (
        "s4 content",
        "1/1/10",
        (
            "Order ID,Customer ID,Order Date,Amount,Foo\n"
            "1,C1,2023-01-05,10,Completed\n"
            "2,C2,2023-02-05,20,Cancelled\n"
            "3,C1,2023-03-05,30,Refunded\n"
        ),
    ),
    (
        "s5 deals",
        "1/2/6500",
        (
            "Opportunity Name,Stage,Close Date,Amount,Account Name\n"
            "A,Closed Won,2023-01-05,5000,Acme\n"
            "B,Closed Lost,2023-02-05,2000,Beta\n"
            "C,Closed Won,2023-03-05,1500,Acme\n"
            "D,Negotiation,2023-03-05,900,Gamma\n"
        ),
    ),
    (
        "s6 ja",
        "1/1/1000",
        (
            "注文番号,顧客ID,注文日,合計金額,ステータス\n"
            "1,C1,2023/01/05,1000,支払済\n"
            "2,C2,2023/02/17,2000,キャンセル\n"
            "3,C1,2023/03/17,3000,返金済\n"
        ),
    ),
    (
        "s7 cancelled at",
        "1/1/10",
        (
            "Order ID,Customer ID,Order Date,Amount,Cancelled at\n"
            "1,C1,2023-01-05,10,\n"
            "2,C2,2023-02-05,20,2023-02-06\n"
        ),
    ),
    (
        "r1",
        "1/2/35",
        (
            "Order ID,Customer ID,Order Date,Total,Total Refunded\n"
            "1,C1,2023-01-05,10,\n"
            "2,C2,2023-02-05,20,20\n"
            "3,C1,2023-03-05,30,5\n"
        ),
    ),
    (
        "r2 neg",
        "1/2/35",
        (
            "Order ID,Customer ID,Order Date,Amount,Refunds\n"
            "1,C1,2023-01-05,10,0\n"
            "2,C2,2023-02-05,20,-20\n"
            "3,C1,2023-03-05,30,-5\n"
        ),
    ),
    (
        "r3 rows",
        "2/2/35",
        (
            "Order ID,Customer ID,Order Date,Amount,Refund of order\n"
            "1,C1,2023-01-05,10,\n"
            "2,C2,2023-02-05,20,\n"
            "3,C1,2023-03-05,30,\n"
            "9,C2,2023-02-07,-20,2\n"
            "10,C1,2023-03-07,-5,3\n"
        ),
    ),
    (
        "r4 type",
        "2/2/25",
        (
            "Date,Type,Order ID,Customer ID,Amount\n"
            "2023-01-05,Sale,1,C1,10\n"
            "2023-01-06,Sale,2,C2,20\n"
            "2023-01-07,Refund,3,C2,5\n"
        ),
    ),
    (
        "r5 returned yes",
        "1/1/10",
        (
            "Order ID,Customer ID,Order Date,Amount,Returned\n"
            "1,C1,2023-01-05,10,No\n"
            "2,C2,2023-02-05,20,Yes\n"
        ),
    ),
    (
        "c1 guest",
        "2/2/30",
        (
            "Order ID,Customer,Order Date,Amount\n"
            "1,Ann,2023-01-05,10\n"
            "2,Bob,2023-02-05,20\n"
            "3,Guest,2023-03-05,30\n"
            "4,Walk-in,2023-03-05,30\n"
        ),
    ),
    (
        "c2 names",
        "2/3/60",
        (
            "Customer name,Order Date,Amount\n"
            "Ann Example,2023-01-05,10\n"
            "ann  example,2023-02-05,20\n"
            "Bob,2023-03-05,30\n"
        ),
    ),
    (
        "c3 first last",
        "2/3/60",
        (
            "First name,Last name,Order Date,Amount\n"
            "Ann,Example,2023-01-05,10\n"
            "Ann,Example,2023-02-05,20\n"
            "Bob,Example,2023-03-05,30\n"
        ),
    ),
    (
        "c5 apostrophe",
        "2/3/60",
        (
            "Order ID,Customer ID,Order Date,Amount\n"
            "1,'0012,2023-01-05,10\n"
            "2,'0012,2023-02-05,20\n"
            "3,'0013,2023-03-05,30\n"
        ),
    ),
    (
        "c6 daily numbers",
        "4/6/60",
        (
            "Receipt,Customer ID,Date,Amount\n"
            "1,A,2023-01-05,10\n"
            "2,B,2023-01-05,10\n"
            "1,C,2023-01-06,10\n"
            "2,A,2023-01-06,10\n"
            "1,A,2023-01-07,10\n"
            "2,D,2023-01-07,10\n"
        ),
    ),
    (
        "f1",
        "2/2/31",
        (
            "Order ID,Customer ID,Order Date,Amount\n"
            "1,C1,2023-01-05,10.50\n"
            "2,C2,2023-02-05,20.50\n"
            "Subtotal,,,31.00\n"
        ),
    ),
    (
        "f2 sub between",
        "2/3/41",
        (
            "Order ID,Customer ID,Order Date,Amount\n"
            "1,C1,2023-01-05,10.50\n"
            "2,C2,2023-02-05,20.50\n"
            "Subtotal,,,31.00\n"
            "3,C1,2023-03-05,10\n"
            "Subtotal,,,10.00\n"
            "Total,,,41\n"
        ),
    ),
    (
        "f3 epoch ms",
        "2/2/20",
        ("Order ID,Customer ID,Order Date,Amount\n1,C1,1672928531000,10\n2,C2,1676624400000,10\n"),
    ),
    (
        "f4 serial",
        "2/2/20",
        ("Order ID,Customer ID,Order Date,Amount\n1,C1,44931,10\n2,C2,44974,10\n"),
    ),
    (
        "f7 camel",
        "2/2/31",
        (
            "orderId,customerId,orderDate,totalAmount\n"
            "1,C1,2023-01-05,10.50\n"
            "2,C2,2023-02-05,20.50\n"
        ),
    ),
    (
        "f8 dotted",
        "2/2/31",
        (
            "Invoice.Number,Invoice.CustomerId,Invoice.Date,Invoice.Total\n"
            "1,C1,2023-01-05,10.50\n"
            "2,C2,2023-02-05,20.50\n"
        ),
    ),
    (
        "f9 sw dash",
        "2/2/1220",
        ("Order ID;Customer ID;Order Date;Amount\n1;C1;2023-01-05;20,-\n2;C2;2023-02-05;1.200,-\n"),
    ),
    (
        "g1 giftcard",
        "2/2/30",
        (
            "Order ID,Customer ID,Order Date,Product,Amount\n"
            "1,C1,2023-01-05,Mug,10\n"
            "2,C2,2023-02-05,Bowl,20\n"
            "3,C2,2023-02-06,Gift card 50,50\n"
        ),
    ),
    (
        "n1 northwind",
        "2/2/85",
        (
            "OrderID,CustomerID,OrderDate,ProductID,UnitPrice,Quantity,Discount\n"
            "1,C1,2023-01-05,P1,20,2,0.15\n"
            "1,C1,2023-01-05,P2,10,2,0\n"
            "2,C2,2023-02-05,P3,31,1,0\n"
        ),
    ),
    (
        "n3 refund row dup total",
        "2/2/70",
        (
            "Order ID,Customer ID,Order Date,Product,Order total\n"
            "1,C1,2023-01-05,Mug,60\n"
            "1,C1,2023-01-05,Plate,60\n"
            "1,C1,2023-01-09,Plate,-20\n"
            "2,C2,2023-02-05,Bowl,30\n"
        ),
    ),
    (
        "n4 status refunded + refund row",
        "1/1/30",
        (
            "Order ID,Customer ID,Order Date,Amount,Status\n"
            "1,C1,2023-01-05,60,Refunded\n"
            "1,C1,2023-01-09,-60,Refunded\n"
            "2,C2,2023-02-05,30,Paid\n"
        ),
    ),
    (
        "n5 canceled + neg",
        "1/1/30",
        (
            "Order ID,Customer ID,Order Date,Amount,Status\n"
            "1,C1,2023-01-05,60,Cancelled\n"
            "2,C2,2023-02-05,30,Paid\n"
        ),
    ),
    (
        "n7 price net/gross",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Total (inc tax),Total (ex tax)\n"
            "1,C1,2023-01-05,59.5,50\n"
            "2,C2,2023-02-05,35.7,30\n"
        ),
    ),
    (
        "n8 pt",
        "2/2/90",
        (
            "Número do pedido;Cliente;Data do pedido;Produto;Quantidade;Preço unitário;Status\n"
            "1;C1;05/01/2023;Caneca;2;20,00;Pago\n"
            "1;C1;05/01/2023;Prato;2;10,00;Pago\n"
            "2;C2;17/02/2023;Tigela;1;30,00;Concluído\n"
        ),
    ),
    (
        "n9 it",
        "1/1/60",
        (
            "Numero ordine;Cliente;Data ordine;Totale;IVA;Stato\n"
            "1;C1;05/01/2023;73,20;13,20;Pagato\n"
            "2;C2;17/02/2023;36,60;6,60;Annullato\n"
        ),
    ),
    (
        "o1 nl",
        "2/2/90",
        (
            "Ordernummer;Klantnummer;Orderdatum;Bedrag excl. btw;Btw;Totaal incl. btw\n"
            "1;K1;05-01-2023;60,00;12,60;72,60\n"
            "2;K2;17-02-2023;30,00;6,30;36,30\n"
        ),
    ),
    (
        "o2 ko",
        "1/1/60000",
        (
            "주문번호,구매자ID,주문일,상품명,수량,판매가,주문상태\n"
            "1,a,2023-01-05,컵,2,30000,배송완료\n"
            "2,b,2023-02-05,컵,1,30000,취소\n"
        ),
    ),
    (
        "o3 hant",
        "2/2/90",
        (
            "訂單編號,顧客ID,訂單日期,訂單總額,訂單狀態\n"
            "1,C1,2023/01/05,60,已完成\n"
            "2,C2,2023/02/17,30,已完成\n"
            "3,C2,2023/02/18,30,已取消\n"
        ),
    ),
    (
        "o4 amount neg refund own id",
        "2/2/60",
        (
            "Order ID,Customer ID,Order Date,Amount\n"
            "1,C1,2023-01-05,60\n"
            "2,C2,2023-02-05,30\n"
            "3,C1,2023-02-06,-30\n"
        ),
    ),
    (
        "o5 square tx",
        "2/2/60",
        (
            "Date,Time,Gross Sales,Discounts,Net Sales,Gift Card Sales,Tax,Tip,Total Collected,Card,Cash,Fees,Net Total,Transaction ID,Payment ID,Event Type,Customer ID,Customer Name\n"
            "1/15/23,10:00,$40.00,$0.00,$40.00,$0.00,$3.20,$2.00,$45.20,$45.20,$0.00,($1.20),$44.00,t1,p1,Payment,A,Ann\n"
            "2/17/23,10:00,$30.00,($10.00),$20.00,$0.00,$1.60,$0.00,$21.60,$21.60,$0.00,($0.60),$21.00,t2,p2,Payment,B,Bob\n"
        ),
    ),
    (
        "o6 stripe",
        "2/2/70",
        (
            "id,Created date (UTC),Amount,Amount Refunded,Currency,Fee,Status,Customer ID,Customer Email\n"
            "ch_1,2023-01-05 10:00:00,60.00,0.00,usd,2.04,Paid,cus_1,ann@example.com\n"
            "ch_2,2023-02-05 10:00:00,30.00,20.00,usd,1.17,Paid,cus_2,bob@example.com\n"
            "ch_3,2023-02-06 10:00:00,30.00,30.00,usd,1.17,Refunded,cus_2,bob@example.com\n"
            "ch_4,2023-02-06 10:00:00,30.00,0.00,usd,0,Failed,cus_2,bob@example.com\n"
        ),
    ),
    (
        "o7 etsy items",
        "2/2/68",
        (
            "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Discount Amount,Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Order ID\n"
            "01/15/23,Mug,ann,2,20.00,,0.00,5.00,0,40.00,USD,1,11,901\n"
            "02/17/23,Bowl,bob,1,30.00,X,2.00,5.00,0,30.00,USD,2,12,902\n"
        ),
    ),
    (
        "o8 prestashop",
        "2/2/90",
        (
            "ID,Reference,New client,Delivery,Customer,Total,Payment,Status,Date\n"
            "1,XKBKNABJK,1,France,A. Martin,60.00,Card,Payment accepted,2023-01-05 10:00:00\n"
            "2,OHSATSERP,1,France,B. Durand,30.00,Card,Delivered,2023-02-17 10:00:00\n"
            "3,UOYEVOLI,0,France,B. Durand,45.00,Check,Canceled,2023-02-18 10:00:00\n"
        ),
    ),
    (
        "o9 amazon",
        "2/2/88",
        (
            "amazon-order-id,purchase-date,buyer-email,order-status,sku,quantity-purchased,currency,item-price,item-tax,shipping-price,item-promotion-discount\n"
            "1,2023-01-05T10:00:00+00:00,a@x.com,Shipped,MUG,2,USD,40.00,3.20,5.00,2.00\n"
            "1,2023-01-05T10:00:00+00:00,a@x.com,Shipped,PLA,1,USD,20.00,1.60,0,0\n"
            "2,2023-02-17T10:00:00+00:00,b@x.com,Shipped,BOW,1,USD,30.00,2.40,5.00,0\n"
        ),
    ),
    (
        "q1 bigcommerce",
        "2/2/90",
        (
            "Order ID,Customer ID,Customer Name,Customer Email,Order Date,Order Status,Subtotal (inc tax),Subtotal (ex tax),Tax Total,Shipping Cost (inc tax),Shipping Cost (ex tax),Order Total (inc tax),Order Total (ex tax),Refund Amount\n"
            "100,1,Ann,a@x.com,05/01/2023,Completed,72,60,13,6,5,78,65,0\n"
            "101,2,Bob,b@x.com,17/02/2023,Shipped,36,30,7,6,5,42,35,0\n"
            "102,2,Bob,b@x.com,18/02/2023,Cancelled,36,30,7,6,5,42,35,0\n"
        ),
    ),
]
ASKED = [
    (
        "t1 total const 3",
        "2/3/140",
        (
            "Order ID,Customer ID,Order Date,Product,Total\n"
            "1,C1,2023-01-05,Mug,60\n"
            "1,C1,2023-01-05,Plate,60\n"
            "2,C2,2023-02-05,Bowl,30\n"
            "3,C1,2023-03-05,Mug,50\n"
            "3,C1,2023-03-05,Plate,50\n"
        ),
    ),
    (
        "t13 amount,discount",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Amount,Discount\n"
            "1,C1,2023-01-05,50,5\n"
            "2,C2,2023-02-05,30,3\n"
        ),
    ),
    (
        "n2 disc pct",
        "2/2/80",
        (
            "Order ID,Customer ID,Order Date,Amount,Discount\n"
            "1,C1,2023-01-05,50,10%\n"
            "2,C2,2023-02-05,30,0%\n"
        ),
    ),
]
ALARMING = [
    (
        "status_unknown",
        (
            "Order ID,Customer ID,Order Date,Amount,Status\n"
            "1,C1,2023-01-05,10,Paid\n"
            "2,C2,2023-02-05,20,Zapped\n"
        ),
    ),
    (
        "ids_lost_digits",
        (
            "Order ID,Customer ID,Order Date,Amount\n"
            "1,1.23E+12,2023-01-05,10\n"
            "2,1.23E+12,2023-02-05,20\n"
            "3,C3,2023-03-05,30\n"
        ),
    ),
    (
        "column_unused",
        (
            "Order ID,Customer ID,Order Date,Amount,Handling tax extra amount\n"
            "1,C1,2023-01-05,10,2\n"
            "2,C2,2023-02-05,20,3\n"
        ),
    ),
]


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in READABLE], ids=[c[0] for c in READABLE]
)
def test_a_table_means_what_it_says(wanted: str, text: str) -> None:
    table = table_of(text)
    assert figures(table) == wanted
    assert red(table) == set()


@pytest.mark.parametrize(
    ("wanted", "text"), [case[1:] for case in ASKED], ids=[c[0] for c in ASKED]
)
def test_two_readings_are_asked_about_with_both_sums(wanted: str, text: str) -> None:
    with pytest.raises(Question) as asked:
        table_of(text)
    told = dict(pair.split("=", 1) for option, pair in asked.value.options if option == "--map")
    assert told
    assert figures(table_of(text, Choices(told))) == wanted


@pytest.mark.parametrize(("rule", "text"), ALARMING)
def test_what_nobody_knows_is_red(rule: str, text: str) -> None:
    assert rule in red(table_of(text))


def test_months_are_no_days() -> None:
    text = "Order ID,Customer ID,Order Date,Amount\n1,C1,202301,10\n2,C2,202302,10\n"
    with pytest.raises(InputError, match="is a month"):
        table_of(text)


def test_a_status_is_settled_by_the_user() -> None:
    text = "Order ID,Customer ID,Order Date,Amount,Status\n1,C1,2023-01-05,10,Paid\n2,C2,2023-02-05,20,Zapped\n"
    ignored = table_of(text, Choices(status={"Zapped": "ignore"}))
    assert (figures(ignored), red(ignored)) == ("1/1/10", set())
    counted = table_of(text, Choices(status={"zapped": "counts"}))
    assert (figures(counted), red(counted)) == ("2/2/30", set())


def test_a_column_can_be_named_as_the_workbook_does_or_left_out() -> None:
    text = "No,Who,Order Date,Gulden,Tax\n1,C1,2023-01-05,10,1\n2,C2,2023-02-05,20,2\n"
    named = {"Customer id": "Who", "amount_net": "Gulden"}
    assert figures(table_of(text, Choices(named))) == "2/2/30"
    text = "Order ID,Customer ID,Order Date,Amount,Tax\n1,C1,2023-01-05,100,9.37\n"
    with pytest.raises(Question):
        table_of(text)
    assert figures(table_of(text, Choices({"tax": ""}))) == "1/1/100"


def test_a_normal_form_read_again_says_the_same() -> None:
    for _, wanted, text in READABLE:
        table = table_of(text)
        names = [name for name in table.columns if name in table.spec.columns]
        columns = []
        for name in names:
            column = table.columns[name]
            cells = column.values.astype(object)
            cells[column.blank] = None
            columns.append(list(cells))
        again = understand(RawTable([title(name) for name in names], columns, Place("Orders")))
        assert figures(again) == wanted, text


def test_every_name_stands_once() -> None:
    for kind in ("orders", "customers"):
        seen: dict[str, str] = {}
        for language in headers.LANGUAGES:
            for column, listed in headers.listed(language)[kind].items():
                for name in listed:
                    assert seen.setdefault(headers.key(name), column) == column, name
