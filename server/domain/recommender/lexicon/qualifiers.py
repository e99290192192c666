"""Words that qualify: hosts and trades that narrow a leaf, and colours, stuffs and sizes that name nothing."""

from server.domain.recommender.words import content

# A leaf below one of these words is for that host, trade or occasion: whoever means it says so.
NARROWING = frozenset(
    content(
        "accessories parts replacement services service rental repair installation warranty mannequin horse pet dog "
        "cat bird fish reptile livestock animal commercial industrial laboratory medical surgical dental hospital "
        "veterinary agriculture mining construction doll dollhouse baby toddler infant nursing maternity costume "
        "vehicle motor car automotive boat marine aircraft watercraft bicycle motorcycle cycling camera optics "
        "musical instrument orchestra party wedding bridal religious memorial funeral printer gun weapon ammunition "
        "hunting artificial mature erotic software digital cloud tickets magazine manual academic sheet podcast "
        "sports athletics hockey baseball soccer football golf tennis ski skiing snowboarding climbing fencing "
        "boxing gymnastics martial rugby lacrosse cricket fishing aquarium outdoor kids boys girls men women unisex "
        "craft toys toy pretend play retail salon theater stage film prop collectible antique vintage uniform "
        "traditional ceremonial dance ballet scuba diving surfing equestrian "
    )
)

# Words that tell colour, stuff, size or manner, hardly ever what a thing is: they count little, never as the thing.
MODIFIERS = frozenset(
    content(
        "black white grey gray red blue green yellow pink purple orange brown beige ivory cream navy teal gold "
        "golden silver bronze copper brass chrome nickel champagne rose burgundy charcoal espresso walnut oak maple "
        "cherry mahogany wood wooden metal steel iron aluminum stainless plastic rubber glass crystal marble "
        "granite stone ceramic concrete leather suede cotton linen wool silk satin velvet polyester nylon fleece "
        "denim lace mesh canvas bamboo rattan wicker mini small large big huge tiny xl xxl twin full queen king "
        "double single half long short tall wide narrow slim deep low high inch ft cm mm oz lb ml liter gallon pack "
        "packs piece pieces set sets pair pairs kit count size sizes two three four five six ten tier level step "
        "drawer shelf seater way portable foldable folding adjustable rechargeable cordless wireless bluetooth usb "
        "electric digital automatic manual smart magnetic waterproof resistant universal professional premium "
        "luxury deluxe modern rustic vintage retro classic contemporary industrial farmhouse boho traditional "
        "antique elegant stylish chic fashion casual handmade natural organic pure real true fresh live soft "
        "comfortable breathable durable lightweight heavy duty super ultra max plus pro new hot cold warm cool dry "
        "wet clear matte glossy shiny sparkling glow bright dark light floral striped print printed women woman men "
        "man ladies unisex adult kids girls boys child free style decorative inspired touch side top quality "
    )
)
