"""Small tables whose amounts have to be understood."""

# What each table is, customers/orders/revenue, and its text.
OF_AMOUNTS = [
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
]
