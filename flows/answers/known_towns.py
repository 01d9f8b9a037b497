"""Names that very many migrant workers use although the tables alone would not settle what they mean."""

from __future__ import annotations

from typing import Final

# Towns of factories: who says only the name, far from there, means these and not the namesakes elsewhere. Each is a
# centre of one trade with more workers from other provinces than inhabitants of its own (the county codes are those
# of towns.tsv). 长安, 石龙 and 西乡 are counties or districts elsewhere too: there both are offered.
_BY_COUNTY: Final = {
    # 东莞: electronics, clothes, shoes, furniture
    "441900": "长安镇 虎门镇 厚街镇 大朗镇 常平镇 塘厦镇 凤岗镇 清溪镇 寮步镇 石碣镇 横沥镇 石排镇 "
    "茶山镇 黄江镇 桥头镇 石龙镇 沙田镇 东坑镇 中堂镇 高埗镇 企石镇 谢岗镇 樟木头镇 大岭山镇",
    "442000": "小榄镇 古镇镇 三乡镇 坦洲镇 黄圃镇",  # 中山: lamps, locks, household machines
    "440605": "狮山镇 大沥镇 里水镇",  # 佛山南海: aluminium, cars
    "440606": "北滘镇 容桂街道 乐从镇 伦教街道 勒流街道",  # 佛山顺德: household machines, furniture
    "440118": "新塘镇",  # 广州增城: jeans
    "440114": "狮岭镇",  # 广州花都: leather
    "440306": "沙井街道 福永街道 松岗街道 石岩街道 西乡街道",  # 深圳宝安: electronics
    "440307": "布吉街道 横岗街道 坂田街道",  # 深圳龙岗: electronics, toys, spectacles
    "440309": "观澜街道 民治街道",  # 深圳龙华: electronics
    "440311": "公明街道",  # 深圳光明: electronics
    "330382": "柳市镇",  # 温州乐清: switchgear
    "330502": "织里镇",  # 湖州吴兴: children's clothes
    "330483": "濮院镇",  # 嘉兴桐乡: knitwear
    "330783": "横店镇",  # 金华东阳: magnets, film
    "320509": "盛泽镇",  # 苏州吴江: silk
    "320583": "花桥镇",  # 苏州昆山: electronics
    "350582": "陈埭镇 安海镇",  # 泉州晋江: shoes
}
KNOWN_TOWNS: Final = tuple((code, town) for code, towns in _BY_COUNTY.items() for town in towns.split())

# What areas are called beside their names in areas.tsv.
OTHER_NAMES: Final = {
    "内蒙": "150000",
    "呼市": "150100",
    "哈市": "230100",
    "乌市": "650100",
    "雄安": "130600",
    "雄安新区": "130600",
    "大亚湾": "441300",
    "仲恺": "441300",
    "旅顺": "210212",
    "昆区": "150203",
    "白云矿区": "150206",
    "托县": "150122",
    "和林县": "150123",
    "克旗": "150425",
    "翁旗": "150426",
    "霍林河": "150581",
    "陈巴尔虎": "150725",
    "扎赉特": "152223",
    "额济纳": "152923",
    "呼盟": "150700",
    "哲盟": "150500",
    "伊盟": "150600",
    "乌盟": "150900",
    "巴盟": "150800",
    "锡盟": "152500",
    "前海": "440305",
    "开县": "500154",
    "柳东新区": "450200",
    "羊城": "440100",
    "鹏城": "440300",
}

# Names of towns that are said of something else: as towns they count only with 镇 or 街道 behind them.
_JUST_WORDS: Final = """
地方 老家 中心 车站 火车站 南站 北站 东站 西站 站前 机场 码头 学校 公园 广场 市场 工厂 工业 农业 人民 大队 中间
中央 大家 大街 老街 十八 二十 三十 三八 五一 六一 八一 山上 山下 河边 南方 北方 西方 永远 如意 向前 万里 发展
开发区 工业园 高新 经济开发区 下车 高兴 安全 重新 妈妈 工业区 汽车站 路口 楼下 马上 健康 导航 太阳 水稻 甘蔗
空港 临空 民政 社区 安静 世纪 礼仪 明星 城镇 南北 光荣 山里 河里 江边 海边 湖边 保安 大巴 三口 管理
"""
JUST_WORDS: Final = frozenset(_JUST_WORDS.split())
# Names that are mostly words: they are places only where a text says little else, or beside another place.
_WORDS_TOO: Final = """
平安 和平 幸福 团结 胜利 前进 友谊 文明 光明 富裕 同心 大方 东方 新建 新城 城关 城区 郊区 矿区 红旗 太平 安定
安居 长寿 丰收 建设 解放 工农 农场 林场 新华 兴旺 吉祥 大同 阳光 春风 大桥 新村 方正 创业 劳动 先锋 希望 复兴
振兴 繁荣 富强 和谐 开放 民主 团圆 永安
"""
WORDS_TOO: Final = frozenset(_WORDS_TOO.split())
