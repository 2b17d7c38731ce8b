"""Which language a text is in: the first sentence of the Declaration of Human Rights in those of the field."""

from __future__ import annotations

import pytest

from safeconduct.archive.reading import language

SENTENCES = {
    "ar": (
        "يولد جميع الناس أحراراً متساوين في الكرامة والحقوق. وقد وهبوا عقلاً وضميراً وعليهم أن يعامل بعضهم"
        " بعضاً بروح الإخاء."
    ),
    "fa": (
        "تمام افراد بشر آزاد به دنیا می‌آیند و از لحاظ حیثیت و حقوق با هم برابرند. همه دارای عقل و وجدان"
        " هستند و باید نسبت به یکدیگر با روح برادری رفتار کنند."
    ),
    "ps": (
        "د بشر ټول افراد آزاد نړۍ ته راځي او د حیثیت او حقوقو له پلوه سره برابر دي. ټول د عقل او وجدان"
        " خاوندان دي او یو له بل سره باید د ورورۍ په روحیې سره چلند کړي."
    ),
    "ckb": (
        "هەموو مرۆڤەکان بە ئازادی و بە هەمان کەرامەت و مافەوە لە دایک دەبن. هەموویان خاوەنی ئاوەز و ویژدانن"
        " و پێویستە لەگەڵ یەکتردا بە ڕۆحی برایەتییەوە هەڵسوکەوت بکەن."
    ),
    "kmr": (
        "Hemû mirov azad û di weqar û mafan de wekhev tên dinyayê. Ew xwedî hiş û şuûr in û divê li hember"
        " hev bi zihniyeteke bratiyê bilivin."
    ),
    "ti": "ብመንፅር ክብርን መሰልን ኩሎም ሰባት እንትውለዱ ነፃን ማዕሪን እዮም። ምስትውዓልን ሕልናን ዝተዓደሎም ብምዃኖም ንሕድሕዶም ብሕውነታዊ መንፈስ ክተሓላለዩ ኦለዎም።",
    "am": "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው። የተፈጥሮ ማስተዋልና ሕሊና ስላለው አንዱ ሌላውን በወንድማማችነት መንፈስ መመልከት ይገባዋል።",
    "om": (
        "Namooti hundinuu birmaduu ta'anii mirgaa fi ulfinaanis wal-qixxee ta'anii dhalatan. Sammuu fi"
        " qalbii ittiin yaadan waan kennameef hafuura obbolummaatiin walii-wajjin jiraachuu qabu."
    ),
    "so": (
        "Aadanaha dhammaantiis wuxuu dhashaa isagoo xor ah kana siman xagga sharafta iyo xuquuqada. Waxaa"
        " Alle siiyay aqoon iyo wacyi, waana in qof la arkaa qofka kale ula dhaqmaa si walaaltinimo ah."
    ),
    "ur": (
        "تمام انسان آزاد اور حقوق و عزت کے اعتبار سے برابر پیدا ہوئے ہیں۔ انہیں ضمیر اور عقل ودیعت ہوئی ہے۔"
        " اس لئے انہیں ایک دوسرے کے ساتھ بھائی چارے کا سلوک کرنا چاہئے۔"
    ),
    "pa-Arab": (
        "سارے انسان آزاد تے حقوق تے عزت دے لحاظ نال برابر پیدا ہوندے نیں ۔ ایہ عقل سمجھ تے چنگے مندے دی"
        " پچھان تے احساس رکھدے نیں ایس واسطے ایہناں نوں اک دوجے نال بھائی چارے والا سلوک کرنا چاہی دا اے ۔"
    ),
    "pa": ("ਸਾਰਾ ਮਨੁੱਖੀ ਪਰਿਵਾਰ ਆਪਣੀ ਮਹਿਮਾ, ਸ਼ਾਨ ਅਤੇ ਹੱਕਾਂ ਦੇ ਪੱਖੋਂ ਜਨਮ ਤੋਂ ਹੀ ਆਜ਼ਾਦ ਹੈ ਅਤੇ ਸੁਤੇ ਸਿੱਧ ਸਾਰੇ ਲੋਕ ਬਰਾਬਰ ਹਨ।"),
    "bn": (
        "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে। তাঁদের বিবেক এবং বুদ্ধি আছে;"
        " সুতরাং সকলেরই একে অপরের প্রতি ভ্রাতৃত্বসুলভ মনোভাব নিয়ে আচরণ করা উচিৎ।"
    ),
    "vi": (
        "Tất cả mọi người sinh ra đều được tự do và bình đẳng về nhân phẩm và quyền lợi. Mọi con người đều"
        " được tạo hoá ban cho lý trí và lương tâm và cần phải đối xử với nhau trong tình anh em."
    ),
    "sq": (
        "Të gjithë njerëzit lindin të lirë dhe të barabartë në dinjitet dhe në të drejta. Ata kanë arsye dhe"
        " ndërgjegje dhe duhet të sillen ndaj njëri tjetrit me frymë vëllazërimi."
    ),
    "tr": (
        "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptirler ve"
        " birbirlerine karşı kardeşlik zihniyeti ile hareket etmelidirler."
    ),
    "yue": "人人生出嚟就係自由嘅，喺尊嚴同權利上一律平等。佢哋具有理性同良心，而且應該用兄弟間嘅關係嚟互相對待。",
    "zh-Hant": "人人生而自由,在尊嚴和權利上一律平等。他們賦有理性和良心,並應以兄弟關係的精神互相對待。",
    "ta": "மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்; அவர்கள் மதிப்பிலும், உரிமைகளிலும் சமமானவர்கள்.",
    "si": "සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත. ගරුත්වයෙන් හා අයිතිවාසිකම්වලින් සමාන වෙති.",
    "hi": (
        "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है। उन्हें बुद्धि और अन्तरात्मा की देन प्राप्त है।"
    ),
    "gu": "પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો જન્મથી સ્વતંત્ર અને સમાન હોય છે.",
    "pt": (
        "Todos os seres humanos nascem livres e iguais em dignidade e em direitos. Dotados de razão e de"
        " consciência, devem agir uns para com os outros em espírito de fraternidade."
    ),
    "es": (
        "Todos los seres humanos nacen libres e iguales en dignidad y derechos y, dotados como están de"
        " razón y conciencia, deben comportarse fraternalmente los unos con los otros."
    ),
    "fr": (
        "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison"
        " et de conscience et doivent agir les uns envers les autres dans un esprit de fraternité."
    ),
    "ln": (
        "Bato nyonso na mbotama bazali nzomi pe bakokani na limemya pe makoki. Bazali na mayele pe basosola,"
        " esengeli kofanda na bondeko okati na bango."
    ),
    "ha": (
        "Su dai yan adam, ana haifuwarsu ne duka yantattu, kuma kowannensu na da mutunci da hakkoki daidai"
        " da na kowa. Suna da hankali da tunani, saboda haka duk abin da za su aikata wa juna, ya kamata su yi shi"
    ),
    "yo": (
        "Gbogbo ènìyàn ni a bí ní òmìnira; iyì àti ẹ̀tọ́ kọ̀ọ̀kan sì dọ́gba. Wọ́n ní ẹ̀bùn ti làákàyè àti ti"
        " ẹ̀rí-ọkàn, ó sì yẹ kí wọn ó máa hùwà sí ara wọn gẹ́gẹ́ bí ọmọ ìyá."
    ),
    "ig": (
        "A mụrụ mmadụ nile n'ohere nha anya ugwu na ikike. E nyere ha uche na mmụọ ime ihe ziri ezi nke na"
        " ha kwesiri ịkpaso ibe ha agwa n'obi nwanne na nwanne."
    ),
    "pcm": (
        "Everi human being, na free dem born am and dem be equal for honor and rights wey dem get. God come"
        " give us beta sense wey we dey take know wetin good and wetin bad."
    ),
    "ru": (
        "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и"
        " совестью и должны поступать в отношении друг друга в духе братства."
    ),
    "uk": (
        "Всі люди народжуються вільними і рівними у своїй гідності та правах. Вони наділені розумом і"
        " совістю і повинні діяти у відношенні один до одного в дусі братерства."
    ),
    "ka": "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით.",
    "en": (
        "All human beings are born free and equal in dignity and rights. They are endowed with reason and conscience."
    ),
    "zh-Hans": "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。",
}
# What is answered instead: None, or the nearest it knows. Said in `UNKNOWN`.
NOT_KNOWN = {"kmr": None, "pa-Arab": "ur", "yue": "zh-Hant", "pcm": "en"}


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_is_known_by_its_language(code: str) -> None:
    assert language.of(SENTENCES[code]) == NOT_KNOWN.get(code, code)
    assert (code in NOT_KNOWN) == (code in language.UNKNOWN)


@pytest.mark.parametrize("text", ["", "Yes.", "https://l.example/2020/11/03/cold-rooms", "@ada #mill 12/3", "🌿🌿🌿🌿"])
def test_too_little_to_tell_is_none(text: str) -> None:
    assert language.of(text) is None


def test_a_code_of_a_source_is_taken_where_it_looks_like_one() -> None:
    assert language.said("en_gb") == "en-GB"
    assert language.said("pa-arab") == "pa-Arab"
    assert language.said("und") is None
    assert language.said("<script>") is None
