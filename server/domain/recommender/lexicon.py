"""Words sellers use for what category trees call otherwise. Hand-written, brand-free, about language and not about one tree."""

from server.domain.recommender.words import content, joined

# One line per group: the seller's words (commas), then "=", then the words a tree uses. A term of two words is a pair.
_APPAREL = """
shapewear, body shaper, faja, corset, waist trainer = shapewear, lingerie
skort, miniskirt, pencil skirt = skirt
smart watch, smartwatch = smart watch
sling bag, cross body = cross body bag, handbag
fleece, softshell = jacket, outerwear
thermal, base layer, long john = long underwear
kimono, poncho, cape = outerwear, shawl
work boot, ankle boot, chelsea = boots
slipper, house shoe = slippers
leotard, sports bra, gym wear, athleisure = activewear
tee, tees, tshirt, tank top, crop top, henley, polo, tunic = t shirt, top
blouse = shirt, top
jumper, pullover, crewneck = sweater
cardigan = sweater, cardigan
hoodie, hooded sweatshirt = hoodie, sweatshirt
trousers, slacks, chinos, palazzo, culottes, bottoms, cargo, khakis = pants
joggers, sweatpants = jogger, pants
denim, mom jean = jeans
tights, jeggings = leggings
undies, panties, briefs, knickers, thong, boyshorts, hipster = underpants, underwear
boxers, trunks = underwear
bralette = bra
nightie, nightgown, pjs, pyjamas, pajama, jammies, loungewear = sleepwear, pajamas
dressing gown, bathrobe = robe
bikini, swimsuit, tankini, swim trunk, boardshorts, bathing suit, rash guard, one piece = swimwear
anorak, parka, windbreaker, raincoat, bomber, puffer, blazer, overcoat, trench = coats, jackets, outerwear
gilet = vest
frock, sundress, gown, maxi, midi = dress
romper, playsuit, onesie = jumpsuit, one piece
trainers, running shoe, kicks, tennis shoe, high top = sneakers, athletic shoe
pumps, stilettos, high heel = heels, shoe
loafers, oxfords, moccasins, brogues, derby, mules = flats, shoe
flip flop, slides, espadrilles = sandals
clogs = clogs, shoe
beanie, cap, snapback, fedora, bucket hat, baseball cap, beret, visor, headwear = hat
mitten, mittens = gloves
pashmina, shawl, stole, wrap, bandana, snood = scarf, shawl
shades, aviators, wayfarer = sunglasses
braces = suspenders
stockings, hosiery, pantyhose = hosiery
bangle, cuff bracelet = bracelet
choker, pendant, locket = necklace
studs, hoops, huggies = earring
wristwatch, chronograph, smartwatch = watch
engagement, signet, wedding band = ring
anklet = anklet
purse, clutch, crossbody, satchel, hobo, shoulder bag = handbag
billfold, card holder, cardholder, money clip = wallet
rucksack, knapsack, bookbag, daypack = backpack
holdall, duffle, gym bag, weekender = duffel, bag
suitcase, carryon, trolley case = luggage, suitcase
waist bag, bum bag, belt bag = fanny pack
cosplay, fancy dress = costume
scrub top, scrubs = uniform
bib, onesies, bodysuit = baby, clothing
hair tie, scrunchie, barrette, hair clip, headband = hair accessory
"""

_HOME = """
area rug, shag, kilim, runner rug = rugs
memory foam bath, bath rug = bath mat, bath rug
dining chair, side chair, wishbone = kitchen dining room chair
dining table, breakfast table, pub table, trestle = kitchen dining room table
dining set, dinette = kitchen dining furniture set
desk chair, task chair, gaming chair, computer chair = office chair
writing desk, computer desk, standing desk = desk, office furniture
folding table, card table = folding table
console table, sofa table, entry table, entryway table = accent table, console table, sofa table
side table, end table, drum table = end table, accent table
patio set, patio sectional, conversation set, patio furniture, porch = outdoor furniture, outdoor furniture set
porch swing, patio chair, lounge chair = outdoor chair, outdoor furniture
power lift, lift chair, lift recliner = recliner, armchair
chaise lounge, chaise = chaise, sofa
hall tree, coat hook, coat rack = coat hat rack, coat rack
shoe rack, shoe cabinet, shoe storage = shoe rack, shoe organizer
floating shelf, wall shelf, ledge = wall shelf ledge, shelving
wall decor, metal sign, wall hanging = decor, wall, artwork
canvas art, picture, wall picture, framed art, art print, map art, photography print = artwork, posters prints visual artwork
faux flower, silk flower, floral arrangement, artificial flower, fake flower = artificial flora, decor
sheet, bed sheet set = bed sheet, bedding
throw blanket, throw, blanket = blanket, bedding
throw pillow, decorative pillow, accent pillow, lumbar = throw pillow, decor
bed pillow, body pillow = pillow, bedding
mattress topper = mattress topper, mattress pad
mattress, memory foam mattress, box spring = mattress
bed frame, platform bed, canopy bed, sleigh bed, full bed, queen bed, king bed, twin bed, metal bed = bed frame, bed
trundle = bed frame, daybed
vanity light, bath light, wall lamp, flush mount, track light, island light = lighting fixture, wall light fixture
cabinet pull, drawer pull, drawer knob, door pull, pull handle = cabinet hardware, cabinet knob handle
toilet paper stand, toilet paper holder = toilet paper holder
towel bar, towel ring, towel rack = towel rack holder
canister, pantry jar, cookie jar, container, storage jar = food storage, food storage container
kitchen scale, food scale, measuring cup, chopper, mincer, mandoline, garlic press, can opener = kitchen tool utensil
spice rack, dish rack, utensil holder, pot rack = kitchen organizer
bar cart, kitchen cart, kitchen island = kitchen dining cart, kitchen island
wine rack = wine rack
room divider, folding screen = room divider
fireplace, electric fireplace, mantel = fireplace
bath vanity, bathroom vanity = bathroom vanity, vanity
medicine cabinet = medicine cabinet
birdhouse, bird feeder, wind chime = bird wildlife house, wind chime, garden decor
outdoor umbrella, patio umbrella = outdoor umbrella sunshade
fire pit, firepit = fire pit, outdoor
storage shed, greenhouse = shed, outdoor structure
wreath, garland = wreath garland
jewelry armoire, jewelry box = jewelry holder, jewelry storage
file cabinet, filing cabinet = file cabinet
storage ottoman = ottoman
bean bag, beanbag = bean bag chair
couch, settee, loveseat, sectional, chesterfield = sofa
recliner, armchair, rocker, glider, wingback, accent chair = armchair, recliner, chair
bar stool, barstool, counter stool = stool, table bar stool
pouf, footstool, hassock = ottoman
nightstand, bedside table, bedside = nightstand, table
sideboard, buffet, credenza, hutch = buffet, sideboard
chest of drawer, chest, bureau, draw chest = dresser
wardrobe, closet = armoire, wardrobe
bookcase, bookshelf, etagere = bookcase, bookshelf, shelving
vanity = vanity
tv unit, tv console, media console, entertainment unit, tv stand = entertainment center, tv stand
desk = desk
bunk, daybed, loft bed = bed
headboard = headboard
comforter, duvet, coverlet = comforter, duvet, quilt, bedding
pillowcase, sham = pillowcase
bedsheet, fitted sheet, sheet set = bed sheet
doona, bedspread = bedding
bolster, cushion = throw pillow, cushion
rug, runner, carpet = rug
drape, blackout, sheer, valance = curtain, drape, window treatment
sconce = wall light, wall sconce
chandelier = chandelier, lighting
pendant light = lighting fixture
lamp, lantern, string light, fairy light = lamp, lighting
led strip = lighting, rope light
votive, tealight, pillar candle, scented candle = candle
diffuser, essential oil = home fragrance
ornament, figurine, statue, sculpture = decoration, figurine
bauble, stocking, nutcracker, advent, xmas, christmas, halloween, easter = seasonal, holiday decoration
poster, canvas print, wall art, painting, tapestry = artwork, poster, print, visual
picture frame, photo frame = picture frame
mirror = mirror
vase = vase
clock, alarm clock = clock
flatware, silverware, fork, spoon, chopstick = flatware, tableware
mug, tumbler, wine glass, goblet, teacup, stemware, pint = drinkware, mug, tumbler
plate, bowl, dinnerware, dish, saucer = dinnerware, tableware
skillet, saucepan, wok, frying pan, fry pan, stockpot, dutch oven, pan = cookware
baking sheet, muffin tin, cake tin, loaf pan = bakeware
chef knife, paring, cleaver, santoku = kitchen knife
spatula, whisk, ladle, tongs, peeler, grater, colander = kitchen tool, utensil
cutting board, chopping board = cutting board
lunchbox, bento, tiffin, food container = food storage, lunch box
thermos, flask, insulated bottle, hydro = water bottle, thermos
coffee maker, espresso, coffee machine, french press, moka, aeropress = coffee maker, espresso machine
kettle = kettle
blender, smoothie = blender, kitchen appliance
mixer = mixer, kitchen appliance
toaster, waffle, slow cooker, pressure cooker, rice cooker, grill, juicer, air fryer = kitchen appliance
microwave, stove, range, cooktop, oven, refrigerator, fridge, freezer, dishwasher = kitchen appliance
vacuum, hoover = vacuum
mop, broom, dustpan, squeegee, duster, sponge, scrubber = household cleaning
bin, wastebasket, garbage can, trash can = trash can, waste containment
hamper = laundry basket, hamper
organizer, storage box, storage bin, drawer organizer, basket, caddy = storage, organization
hanger = hanger
detergent, fabric softener = laundry supply, detergent
towel, washcloth, bath sheet = towel
shower curtain = shower curtain
bath mat, bathmat = bath mat
toilet brush = toilet brush
tap = faucet
heater, radiator = space heater
humidifier, dehumidifier, purifier, fan, air conditioner = climate control appliance
planter, flowerpot, plant pot = pot, planter
hose, sprinkler = garden hose, watering
secateurs, pruner, shears, trowel, rake, spade, shovel = gardening tool
mower, lawnmower, trimmer, leaf blower = lawn mower
bouquet, rose, tulip, lily, peony, orchid, sunflower, carnation = fresh cut flower
succulent, houseplant, cactus, fern, monstera, bonsai = plant
artificial plant, faux plant, fake plant = artificial flora
gazebo, pergola, canopy = outdoor structure, canopy, gazebo
adirondack, patio, hammock = outdoor furniture
bbq, barbecue, smoker = outdoor grill
doormat, welcome mat = door mat
"""

_BEAUTY = """
ampoule, essence, mucin, snail, exfoliant, peel, acne, pore = skin care
false lash, magnetic lash, magnetic eyelash, fake lash, false eyelash = false eyelash, lash
curling rod, heatless, hair roller, curl rod = hair curler, hair styling tool
scalp, hair growth, rosemary oil, hair serum, leave in = hair care, hair treatment
magnesium, zinc, iron supplement, melatonin, turmeric, biotin = vitamins supplements, supplement
groomer, multigroom, nose trimmer, beard trimmer, hair trimmer, hair clipper = shaving grooming, hair clipper trimmer
lippie, lip color, lip colour, lip stick, liquid lip, lip crayon = lipstick
lip balm, chapstick = lip balm
lip plumper, lip shine, lip lacquer = lip gloss
kohl, kajal, liner pen, eye pencil, eye liner, waterliner = eyeliner
lash, lengthening, volumizing = mascara
falsies, lash extension, strip lash = false eyelash
brow, brow gel, brow pencil, brow pomade = eyebrow
palette, eye color, eye colour, shadow = eye shadow
bb cream, cc cream, tinted moisturizer, concealer, foundation = foundation, concealer
blush, bronzer, rouge, contour, contouring = blush, bronzer
highlighter, illuminator, strobe, luminizer = highlighter, luminizer
setting powder, finishing powder = face powder
nail varnish, nail lacquer, nail polish, nail enamel, gel polish = nail polish
press on nail, fake nail = false nail
makeup brush, beauty blender, makeup sponge = makeup tool
serum, retinol, hyaluronic, niacinamide, toner, cleanser, face wash, sheet mask, clay mask, moisturizer, moisturiser, eye cream = skin care
sunscreen, sunblock, spf = sunscreen
body lotion, body butter, hand cream = lotion, moisturizer
bath bomb, bubble bath, body wash, shower gel, soap = bath, body
deodorant, antiperspirant = deodorant
cologne, perfume, parfum, toilette, eau, fragrance mist, body mist = perfume, cologne
shampoo, conditioner, hair mask, hair oil = hair care, shampoo, conditioner
flat iron, straightener = hair straightener
curling wand, curler = curling iron
blow dryer, hairdryer, hair dryer = hair dryer
wig, hair extension, lace front = wig, hair extension
hairbrush, detangling = hair brush, comb
razor, shaver, beard, aftershave, shaving, clipper, waxing, epilator = shaving, grooming
toothbrush, toothpaste, mouthwash, floss, flosser, whitening, teeth, dental = oral care
tampon, menstrual, sanitary pad = feminine sanitary supply
vitamin, multivitamin, supplement, collagen, probiotic, omega, gummies, capsule, ashwagandha = vitamins, supplements
whey, protein powder, creatine, pre workout, electrolyte = fitness nutrition, protein, supplement
bandage, plaster, thermometer, blood pressure, oximeter, glucose, first aid, nebulizer, wheelchair, walker, crutch = health care, medical
massage, massager, massage gun, foot spa = massage, massager
contact lens = contact lens
reading glass, eyeglass, blue light glass = eyeglass
kn95, respirator = face mask
"""

_ELECTRONICS = """
ring light, softbox, studio light = studio light flash
tracker tag, key finder, airtag, gps tracker, luggage tracker = gps tracking device
drawing tablet, graphic tablet, pen tablet = graphics tablet, input device
wall plug, charging block, plug block, usb c charger, gan = power adapter charger
lightning cord, charging cord, charging cable = cable, storage data transfer cable
home theater projector, mini projector, video projector = projector
fire tv, roku, chromecast, tv stick = streaming home media player
robot vacuum, stick vacuum = vacuum
wireless keyboard, gaming keyboard, computer keyboard = keyboard, input device
gaming mouse, wireless mouse = mouse, input device
earbuds, earphone, airpods, headset, earpods , iem = headphone, headset
soundbar, subwoofer, boombox, bluetooth speaker, portable speaker, loudspeaker = speaker
mic = microphone
turntable, vinyl player = record player, turntable
tv, television, smart tv, oled, qled = television
projector = projector
streaming stick, set top = streaming media player
notebook pc, chromebook, macbook, ultrabook, laptop = laptop, computer
desktop pc, gaming pc, mini pc, all in one = desktop computer, computer
ipad, tablet = tablet computer
ereader, kindle = e book reader
smartphone, cell phone, cellphone, mobile phone, iphone, android phone = mobile phone, smartphone
phone case, phone cover, iphone case = mobile phone case
screen protector = screen protector
charger, power bank, powerbank, charging, wireless charger, usb adapter = power adapter, charger, battery
lightning cable, usb cable, hdmi, ethernet cable, usb c = cable
extension cord, surge protector, power strip = power strip, surge suppressor
hard drive, ssd, hdd, nvme, flash drive, thumb drive, memory stick = storage device, hard drive, flash memory
sd card, microsd, memory card = flash memory card
ram, ddr4, ddr5 = computer ram
gpu, graphic card, rtx = video card
cpu, processor = computer processor
motherboard, mainboard = motherboard
pc case = computer case
keypad, mechanical keyboard = keyboard
mouse, trackball = mouse, trackball
monitor, display = computer monitor
webcam = webcam
wifi, router, mesh, modem, access point = router, networking
nas = network storage
inkjet, laser printer, printer = printer
toner cartridge, ink cartridge = toner, inkjet cartridge, printer
dslr, mirrorless, action cam, gopro, camcorder, instant camera = camera
tripod, gimbal, selfie stick = tripod, monopod
dash cam, dashcam = vehicle camera, dash cam
security camera, doorbell, cctv, surveillance = security, surveillance camera
smart plug, smart bulb, smart home, thermostat = home automation
lightbulb, bulb = light bulb
binocular, telescope, monocular, microscope = optics
drone, quadcopter = remote control, drone
console, playstation, xbox, nintendo, ps5, ps4, handheld console = video game console
gamepad, joystick, game controller, controller = game controller
fitness tracker, activity tracker = activity monitor
walkie talkie, two way radio = two way radio
calculator = calculator
raspberry pi, arduino, resistor, transistor = circuit board, component
"""

_LEISURE = """
ride on, power wheel, toy car, kids car = riding toy
diamond painting, paint by number, latch hook = art craft kit, craft kit
busy board, montessori, activity cube = baby activity toy, activity toy
booster box, pokemon, trading card, sports card = collectible trading card
headlamp, head torch = headlamp, flashlight
rose toy = toy
yoga, pilates = yoga, pilates
dumbbell, kettlebell, barbell, weight plate = weight lifting
resistance band, exercise band = exercise band
treadmill, elliptical, rower, rowing machine, exercise bike, spin bike = cardio machine
foam roller = foam roller
boxing glove, punching bag, mma = boxing, martial art
bike, ebike, mtb = bicycle, cycling
bike light, bike lock, saddle, pannier = bicycle accessory
tent, sleeping bag, camp, bivy, headlamp, campfire = camping, hiking
canoe, kayak, paddle, paddleboard, sup, raft = boating, rafting
lure, tackle, angling, fishing rod, bait, reel, bobber = fishing
snorkel, scuba, wetsuit = diving, snorkeling
surfboard, bodyboard = surfing
skateboard, longboard, scooter, rollerblade, roller skate = skateboarding, scooter, inline skating
snowshoe, ski goggle, ski = skiing, snowboarding
basketball, football, soccer, volleyball, rugby, lacrosse, cricket = athletics
racket, racquet, shuttlecock, badminton, pickleball = racquet
golf club, putter, golf ball, tee marker = golf
dart, dartboard = darts
billiard, pool cue, ping pong, foosball = billiard, table tennis
jigsaw = jigsaw puzzle
board game, card game, chess, dice, tabletop, trading card = games, card game
plush, plushie, stuffed animal, teddy = stuffed animal, plush
doll, dollhouse = doll
lego, building block, brick set, magnetic tile = construction set, building toy
rc car, remote control car = remote control car
action figure, collectible figure = action figure
fidget, slime, playdough = toy
stacking toy, rattle, teether, pacifier, play mat, sorting = baby toy
puzzle = puzzle
guitar, violin, ukulele, cello, banjo, mandolin, bass guitar, harp = string instrument
drum, cymbal, bongo, cajon, djembe, tambourine, xylophone = percussion
piano, synthesizer, midi keyboard, keys = piano, musical keyboard
flute, clarinet, saxophone, oboe, recorder, harmonica = woodwind
trumpet, trombone, tuba, horn = brass instrument
guitar string, pick, capo, pedal = musical instrument accessory
yarn, crochet, knitting, wool = yarn, knitting
embroidery, cross stitch, needlepoint = needlecraft, embroidery
acrylic paint, watercolor, oil paint, paint set, marker set, sketchbook, easel = art supply, drawing, painting
beads, jewelry making = bead, jewelry making
scrapbook, sticker, washi, stamp = paper craft, scrapbooking, sticker
resin, epoxy, mold = craft
sewing machine = sewing machine
balloon, party, streamer, confetti, pinata, banner, cake topper = party supply
gift wrap, wrapping paper, gift bag = gift wrapping
greeting card, birthday card = greeting card
novel, paperback, hardcover, cookbook, memoir, textbook, comic, manga = book, print book
vinyl, lp, cd, kpop, album, record = music, sound recording, cd
dvd, blu ray, bluray = dvd, video
magazine = magazine
sheet music, songbook = sheet music
notebook, journal, planner, diary, notepad = notebook, notepad
ballpoint, fountain pen, gel pen, marker, highlighter pen, pencil = pen, pencil, writing
stapler, binder, folder, paper clip = office supply
sticky note, post it = sticky note
shipping label, bubble mailer, packing tape = shipping supply
whiteboard = whiteboard, presentation
"""

_REST = """
chainsaw, hedge trimmer, leaf blower, pole saw = saw, outdoor power equipment, tool
tire inflator, air compressor = tire, vehicle part accessory, compressor
scratch remover, car polish, ceramic coating, car cloth = vehicle cleaning, vehicle wax polish protectant
car floor liner, car floor mat, floor liner = motor vehicle floor mat, vehicle interior
freeze dried candy, sour candy, gummy bear = candy
replacement filter, air filter, hepa filter = air filter, filter, appliance accessory
puppy, canine, pup = dog
kitten, feline, kitty = cat
kibble, dog treat, cat treat, dog food, cat food = pet food, pet treat
leash, harness, collar, dog lead = pet leash, collar, harness
litter, litter box = cat litter
chew toy, squeaky toy, catnip = pet toy
aquarium, fish tank, terrarium = aquarium, fish
birdcage, hamster, rabbit, parrot, guinea pig = small animal, bird
dog bed, cat tree, scratching post, crate, kennel = pet bed, cat furniture
pram, stroller, buggy, pushchair = baby stroller
car seat, booster = baby toddler car seat
crib, cot, bassinet, cradle = crib, toddler bed
nappy, diaper = diaper
wipe = wipe
sippy, baby bottle, breast pump, high chair, burp = nursing, feeding
swaddle, muslin = swaddling, receiving blanket
baby monitor, baby gate = baby safety
wrench, screwdriver, ratchet, socket set, spanner, allen key, hex key = wrench, screwdriver, tool
hammer, mallet = hammer
drill, impact driver, cordless drill = drill
saw, jigsaw tool, circular saw = saw
pliers, vise, clamp = pliers, clamp
hatchet, axe = axe
tape measure, spirit level, laser level, caliper = measuring tool
screw, bolt, nut, nail, anchor, fastener = hardware fastener
glue, epoxy, caulk, sealant, adhesive, tape = adhesive, tape, glue
padlock, deadbolt, door lock = lock, key
door knob, door handle, hinge, drawer pull, cabinet knob = door hardware, cabinet hardware
pipe, fitting, valve = plumbing
faucet, showerhead, shower head, sink = plumbing fixture, faucet
flashlight, torch = flashlight
generator, inverter, solar panel = generator, solar panel, power
multimeter = electrical testing tool
ladder = ladder
paint roller, paintbrush = paint tool
wallpaper = wallpaper
tile, flooring, laminate, vinyl plank = flooring
work glove, hard hat, safety goggle, safety vest, hi vis = work safety protective gear
motor oil, wiper, floor mat, seat cover, car phone mount, spark plug, brake pad, jump starter, tire, headlight = vehicle part, motor vehicle
car wash, car wax, car polish, detailing = vehicle cleaning
motorcycle, motorbike = motorcycle
coffee bean, ground coffee, coffee pod, cold brew = coffee
green tea, herbal tea, tea bag, matcha, chai = tea
juice, soda, sparkling water, energy drink, kombucha, lemonade = beverage
wine, beer, whiskey, vodka, gin, rum = alcoholic beverage
chocolate, candy, gummy, lollipop, caramel, toffee, licorice = candy, chocolate
chip, crisp, popcorn, pretzel, jerky, trail mix, granola bar, snack = snack food
cracker, cookie, biscuit, cake, bread, pie, muffin, croissant, cupcake, bagel, donut, pastry, scone, tart, baguette, loaf = bakery
cheese, milk, yogurt, butter, cream cheese, yoghurt = dairy product
steak, beef, chicken, pork, salmon, shrimp, tuna, lamb, sausage, egg, bacon, turkey, ham, prawn, crab, lobster = meat, seafood, egg
apple, banana, orange, berry, strawberry, mango, grape, lemon, pineapple, peach, pear, avocado, melon, plum, kiwi = fresh frozen fruit
carrot, broccoli, lettuce, spinach, tomato, onion, potato, pepper, cucumber, kale, garlic, cabbage, celery, zucchini = fresh frozen vegetable
ketchup, mustard, mayo, hot sauce, soy sauce, salsa, syrup, jam, honey = condiment, sauce
olive oil, cooking oil, vinegar = cooking oil
spice, seasoning, salt, cinnamon, paprika = seasoning, spice
pasta, noodle, ramen, spaghetti, rice, quinoa = pasta, noodle, grain, rice
cereal, oatmeal, granola, muesli = cereal, granola
almond, cashew, peanut, walnut, pistachio = nut, seed
vape, cigar, hookah = tobacco
incense, tarot, crystal, rosary = religious item
vibrator, lingerie set = erotic
gift card = gift card
ebook, download, license key, antivirus = software, digital good
"""


def _read(*texts: str) -> dict[str, tuple[str, ...]]:
    """Each term (a word, or two words joined) -> the tree's terms, each word and each pair of words."""
    means: dict[str, dict[str, None]] = {}
    for line in "\n".join(texts).split("\n"):
        said, _, meant = line.partition(" = ")
        targets = [content(target) for target in meant.split(",")]
        terms = [term for target in targets for term in (*target, *joined(target))]
        for phrase in said.split(","):
            sequence = content(phrase)
            if sequence and len(sequence) == len(phrase.split()):  # "carry on" must not become "carry"
                key = "".join(sequence)
                means.setdefault(key, {}).update(dict.fromkeys(term for term in terms if term != key))
    return {term: tuple(found) for term, found in means.items()}


MEANS = _read(_APPAREL, _HOME, _BEAUTY, _ELECTRONICS, _LEISURE, _REST)

# A leaf below one of these words is for that host, trade or occasion: whoever means it says so.
NARROWING = frozenset(
    content(
        "accessories parts replacement services service rental repair installation warranty mannequin horse pet dog cat "
        "bird fish reptile livestock animal commercial industrial laboratory medical surgical dental hospital veterinary "
        "agriculture mining construction doll dollhouse baby toddler infant nursing maternity costume vehicle motor car "
        "automotive boat marine aircraft watercraft bicycle motorcycle cycling camera optics musical instrument orchestra "
        "party wedding bridal religious memorial funeral printer gun weapon ammunition hunting artificial mature erotic "
        "software digital cloud tickets magazine manual academic sheet podcast sports athletics hockey baseball soccer "
        "football golf tennis ski skiing snowboarding climbing fencing boxing gymnastics martial rugby lacrosse cricket "
        "fishing aquarium outdoor kids boys girls men women unisex craft toys toy pretend play retail salon theater stage "
        "film prop collectible antique vintage uniform traditional ceremonial dance ballet scuba diving surfing equestrian"
    )
)

# Words that tell colour, stuff, size or manner, hardly ever what a thing is: they count little and never name the thing.
MODIFIERS = frozenset(
    content(
        "black white grey gray red blue green yellow pink purple orange brown beige ivory cream navy teal gold golden silver "
        "bronze copper brass chrome nickel champagne rose burgundy charcoal espresso walnut oak maple cherry mahogany "
        "wood wooden metal steel iron aluminum stainless plastic rubber glass crystal marble granite stone ceramic concrete "
        "leather suede cotton linen wool silk satin velvet polyester nylon fleece denim lace mesh canvas bamboo rattan wicker "
        "mini small large big huge tiny xl xxl twin full queen king double single half long short tall wide narrow slim deep "
        "low high inch ft cm mm oz lb ml liter gallon pack packs piece pieces set sets pair pairs kit count size sizes "
        "two three four five six ten tier level step drawer shelf seater way "
        "portable foldable folding adjustable rechargeable cordless wireless bluetooth usb electric digital automatic manual "
        "smart magnetic waterproof resistant universal professional premium luxury deluxe modern rustic vintage retro classic "
        "contemporary industrial farmhouse boho traditional antique elegant stylish chic fashion casual handmade natural "
        "organic pure real true fresh live soft comfortable breathable durable lightweight heavy duty super ultra max plus pro "
        "new hot cold warm cool dry wet clear matte glossy shiny sparkling glow bright dark light floral striped print printed "
        "women woman men man ladies unisex adult kids girls boys child free style decorative inspired touch side top quality"
    )
)
