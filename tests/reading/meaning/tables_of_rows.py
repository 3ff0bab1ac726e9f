"""Small tables whose rows, states, customers and layouts have to be understood."""
# ruff: noqa: E501 - rows of tables are as long as they are

# What each table is, customers/orders/revenue, and its text.
OF_ROWS = [
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
